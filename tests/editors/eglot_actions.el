;;; eglot_actions.el --- What code actions ask for, for test_emacs_actions.py  -*- lexical-binding: t -*-

(test-begin)
(defvar test-text (buffer-string))

(defun test-choose (title)
  "Choose the code action for point that begins with TITLE."
  (let ((actions (eglot-code-actions (point) nil "refactor.rewrite")))
    (eglot-execute (eglot-current-server)
                   (seq-find (lambda (one) (string-prefix-p title (plist-get one :title))) actions))))

(defun test-changed (title)
  "Choose TITLE, and return the buffer once it has changed."
  (let ((before (buffer-string)))
    (test-choose title)
    (test-wait (lambda () (not (equal (buffer-string) before))))
    (buffer-string)))

(let (seen)
  (cl-flet ((note (name value) (push (cons name value) seen)))
    (goto-char (point-min))
    (test-choose "Rewrite as told: `total`…") ; the first line of standard input is empty
    (note 'told (test-changed "Rewrite as told: `total`…"))
    (undo-boundary)
    (undo)
    (note 'undone (equal (buffer-string) test-text))
    (note 'documented (test-changed "Document `total`")))
  (test-end seen))
