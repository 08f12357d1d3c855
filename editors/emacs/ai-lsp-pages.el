;;; ai-lsp-pages.el --- What the server of ai-lsp.el returned, in words  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; lsp-mode reads JSON objects as hash tables, eglot as property lists.

;;; Code:

(require 'seq)

(defun ai-lsp--get (object name)
  "Return the member NAME of OBJECT, as lsp-mode or eglot has read it from JSON."
  (if (hash-table-p object)
      (gethash name object)
    (plist-get object (intern (concat ":" name)))))

(defun ai-lsp--with (object name value)
  "Return a copy of OBJECT in which the member NAME is VALUE."
  (if (hash-table-p object)
      (let ((copy (copy-hash-table object)))
        (puthash name value copy)
        copy)
    (plist-put (copy-sequence object) (intern (concat ":" name)) value)))

(defun ai-lsp--members (object)
  "Return the members of OBJECT as a list of (NAME . VALUE), in the server's order."
  (if (hash-table-p object)
      (let (members)
        (maphash (lambda (name value) (push (cons name value) members)) object)
        (nreverse members))
    (seq-map (lambda (pair) (cons (substring (symbol-name (car pair)) 1) (cadr pair)))
             (seq-partition object 2))))

(defun ai-lsp--false-p (value)
  "Whether VALUE is JSON's false, or nothing."
  (memq value '(nil :json-false :false)))

(defun ai-lsp--show (name text)
  "Show TEXT in the buffer NAME, where q leaves it."
  (with-current-buffer (get-buffer-create name)
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert text)
      (goto-char (point-min)))
    (special-mode)
    (display-buffer (current-buffer))))

(defun ai-lsp--why (trace)
  "Return TRACE, what `ai-lsp.why' returned, in words."
  (if (null trace)
      "Nothing was asked for yet.\n"
    (let ((text (ai-lsp--get trace "text"))
          (raw (ai-lsp--get trace "raw")))
      (concat
       (format "Request %s, %s\n" (ai-lsp--get trace "id")
               (if (ai-lsp--false-p (ai-lsp--get trace "manual")) "while typing" "by hand"))
       (if (string-empty-p text)
           (format "\nNothing was suggested: %s\n" (ai-lsp--get trace "reason"))
         (format "\nSuggested (%s):\n\n%s\n"
                 (if (ai-lsp--false-p (ai-lsp--get trace "accepted")) "not accepted" "accepted")
                 text))
       (unless (or (string-empty-p raw) (string= raw text))
         (format "\nThe model wrote:\n\n%s\n" raw))
       (ai-lsp--list "Filters" (ai-lsp--get trace "decisions")
                     (lambda (one) (format "%s: %s" (ai-lsp--get one "filter")
                                           (ai-lsp--get one "reason"))))
       (ai-lsp--list "Milliseconds" (ai-lsp--members (ai-lsp--get trace "stages"))
                     (lambda (one) (format "%-12s %7.1f" (car one) (cdr one))))
       (ai-lsp--list "Context" (ai-lsp--get trace "snippets")
                     (lambda (one) (format "%s, %s" (ai-lsp--get one "source")
                                           (ai-lsp--get one "path"))))))))

(defun ai-lsp--list (title things line)
  "Return TITLE and a line, made by LINE, of each of THINGS; nothing for none."
  (if (seq-empty-p things)
      ""
    (format "\n%s:\n%s\n" title
            (mapconcat (lambda (one) (concat "  " (funcall line one))) things "\n"))))

(defun ai-lsp--stats (stats)
  "Return STATS, what `ai-lsp.stats' returned, in words."
  (concat
   (mapconcat
    (lambda (row) (format "%-24s %s\n" (car row) (ai-lsp--get stats (cdr row))))
    '(("requests" . "requests") ("answered with a text" . "suggested")
      ("accepted" . "accepted") ("accepted in part" . "partly_accepted")
      ("runs of the model" . "started") ("runs to the end" . "completed"))
    "")
   (format "%-24s %.0f ms, 95 %% within %.0f ms\n" "time to answer"
           (ai-lsp--get stats "median_ms") (ai-lsp--get stats "p95_ms"))
   (ai-lsp--list "Nothing was suggested because" (ai-lsp--get stats "silences")
                 (lambda (one) (format "%4d  %s" (ai-lsp--get one "count")
                                       (ai-lsp--get one "reason"))))))

(provide 'ai-lsp-pages)

;;; ai-lsp-pages.el ends here
