;;; eglot.el --- Eglot with ai-lsp.el in --batch, for test_emacs.py  -*- lexical-binding: t -*-

;; emacs --batch -L editors/emacs -l eglot.el -- FILE SERVER-COMMAND...
;; Prints, as its last line, JSON with what it saw.

(require 'ai-lsp)
(require 'json)
(setq ai-lsp-command (cdr (member "--" command-line-args))
      ai-lsp-eglot-modes '(python-mode)
      eglot-sync-connect 60 eglot-connect-timeout 60 eglot-send-changes-idle-time 0
      eglot-autoshutdown t make-backup-files nil)
(defvar test-file (pop ai-lsp-command))
(setq command-line-args-left nil)
(require 'eglot)

(defun test-wait (condition)
  "Let Emacs work until CONDITION holds, for a minute at most."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "Not within a minute: %S" condition))
      (accept-process-output nil 0.05))))

(defun test-engine ()
  "Return the state of the server's engine."
  (plist-get (jsonrpc-request (eglot-current-server) :workspace/executeCommand
                              '(:command "ai-lsp.status"))
             :engine))

(defun test-buffer (name)
  "Wait until there is a buffer NAME, and return what is in it."
  (test-wait (lambda () (get-buffer name)))
  (prog1 (with-current-buffer name (buffer-string)) (kill-buffer name)))

(find-file test-file)
(python-mode)
(apply #'eglot (eglot--guess-contact))
(test-wait (lambda () (equal (test-engine) "ready")))
(let (seen)
  (cl-flet ((note (name value) (push (cons name value) seen))
            (suggest () (goto-char (point-max)) (ignore-errors (ai-lsp-suggest))))
    (goto-char (point-max))
    (insert "        ")
    (ai-lsp-toggle)
    (suggest)
    (note 'off (buffer-string))
    (ai-lsp-toggle)
    (suggest)
    (note 'on (buffer-string))
    (ai-lsp-why)
    (note 'why (test-buffer "*ai-lsp why*"))
    (ai-lsp-stats)
    (note 'stats (test-buffer "*ai-lsp stats*"))
    (set-buffer-modified-p nil)
    (find-file (expand-file-name "emoji.py"))
    (python-mode)
    (dotimes (n 5) (insert (format "print(\"😀é\", one, two, %d)\n" (1+ n))))
    (insert "print(\"😀é\", one, tw")
    (suggest)
    (note 'emoji (buffer-string))
    (set-buffer-modified-p nil))
  (princ (concat "\n" (json-encode seen))))
(eglot-shutdown (eglot-current-server))
