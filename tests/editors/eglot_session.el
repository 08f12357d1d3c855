;;; eglot_session.el --- Eglot with ai-lsp.el in --batch, for the scripts beside it  -*- lexical-binding: t -*-

;; emacs --batch -L editors/emacs -l eglot_session.el -l SCRIPT -- FILE SERVER-COMMAND...

(require 'ai-lsp)
(require 'json)
(setq ai-lsp-command (cdr (member "--" command-line-args))
      ai-lsp-eglot-modes '(python-mode)
      eglot-sync-connect 60 eglot-connect-timeout 60 eglot-send-changes-idle-time 0
      eglot-autoshutdown t make-backup-files nil)
(defvar test-file (pop ai-lsp-command))
(setq command-line-args-left
      (seq-take-while (lambda (one) (not (equal one "--"))) command-line-args-left))
(require 'eglot)

(defun test-wait (condition)
  "Let Emacs work until CONDITION holds, for a minute at most."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "Not within a minute: %S" condition))
      (accept-process-output nil 0.05))))

(defun test-begin ()
  "Open the file, with the server in it."
  (find-file test-file)
  (python-mode)
  (apply #'eglot (eglot--guess-contact)))

(defun test-end (seen)
  "Print, as the last line, SEEN as JSON."
  (princ (concat "\n" (json-encode seen)))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server)))
