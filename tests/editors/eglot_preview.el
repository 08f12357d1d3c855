;;; eglot_preview.el --- Eglot with completion-preview-mode in a terminal, for test_eglot_preview.py  -*- lexical-binding: t -*-

;; emacs -nw -Q -L editors/emacs -l eglot_preview.el FILE

;; An unpacked Emacs does not find its compiler.
(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)
(setq make-backup-files nil auto-save-default nil create-lockfiles nil inhibit-startup-screen t
      ring-bell-function 'ignore ai-lsp-eglot-modes '(python-mode))
(setq-default indent-tabs-mode nil)
(require 'ai-lsp)
(add-hook 'python-mode-hook #'eglot-ensure)
(add-hook 'python-mode-hook #'completion-preview-mode)
(global-set-key (kbd "<f5>") #'ai-lsp-why)
(global-set-key (kbd "<f6>") #'ai-lsp-toggle)
(global-set-key (kbd "<f7>") #'ai-lsp-suggest)
(global-set-key (kbd "<f8>") #'ai-lsp-stats)
