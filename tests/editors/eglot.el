;;; eglot.el --- Eglot with ai-lsp.el in --batch, for test_emacs.py  -*- lexical-binding: t -*-

(defun test-engine ()
  "Return the state of the server's engine."
  (plist-get (jsonrpc-request (eglot-current-server) :workspace/executeCommand
                              '(:command "ai-lsp.status"))
             :engine))

(defun test-buffer (name)
  "Wait until there is a buffer NAME, and return what is in it."
  (test-wait (lambda () (get-buffer name)))
  (prog1 (with-current-buffer name (buffer-string)) (kill-buffer name)))

(test-begin)
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
    (note 'emoji (buffer-string)))
  (test-end seen))
