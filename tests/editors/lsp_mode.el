;;; lsp_mode.el --- lsp-mode with ai-lsp.el in a terminal, for test_lsp_mode.py  -*- lexical-binding: t -*-

;; emacs -nw -Q -L editors/emacs -l lsp_mode.el FILE, with the folder of lsp-mode's packages in LSP_MODE_PACKAGES.

;; An unpacked Emacs does not find its compiler.
(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)
(dolist (folder (directory-files (getenv "LSP_MODE_PACKAGES") t "^[a-z]"))
  (add-to-list 'load-path folder))
(setq make-backup-files nil auto-save-default nil create-lockfiles nil inhibit-startup-screen t
      ring-bell-function 'ignore lsp-auto-guess-root t lsp-enable-snippet nil lsp-enable-file-watchers nil
      lsp-headerline-breadcrumb-enable nil lsp-enable-suggest-server-download nil lsp-keep-workspace-alive nil
      lsp-modeline-code-actions-enable nil lsp-enable-on-type-formatting nil
      lsp-session-file (expand-file-name "lsp-session" (getenv "HOME")))
(setq-default indent-tabs-mode nil)
(load "lsp-mode-autoloads" nil t) ; what a package manager loads; without it ghost text stays off
(require 'ai-lsp)
(add-hook 'python-mode-hook #'lsp)
(global-set-key (kbd "<f5>") #'ai-lsp-why)
(global-set-key (kbd "<f6>") #'ai-lsp-toggle)
(global-set-key (kbd "<f7>") #'ai-lsp-suggest)
(global-set-key (kbd "<f8>") #'ai-lsp-stats)
(when (getenv "SERVER")
  (setq ai-lsp-command (split-string (getenv "SERVER"))))
(when (getenv "OTHER")
  (with-eval-after-load 'lsp-mode
    (lsp-register-client
     (make-lsp-client :new-connection (lsp-stdio-connection (lambda () (split-string (getenv "OTHER"))))
                      :activation-fn (lsp-activate-on "python")
                      :server-id 'other))))
