;;; ai-lsp.el --- AI suggestions from a model on your own machine  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, convenience
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; The server `ai-lsp' in Emacs, by the LSP client that you use:
;;
;; - lsp-mode 10: ghost text, beside the language's own server.
;; - eglot: an entry for `completion-at-point', and in Emacs 30 ghost text by
;;   `completion-preview-mode'.  Eglot runs one server in a buffer, so it is this
;;   one in the modes of `ai-lsp-eglot-modes', and the language's own elsewhere.
;;
;; (require 'ai-lsp) is all that is needed; README.md has the keys.

;;; Code:

(require 'cl-lib)
(require 'eieio)
(require 'seq)
(require 'ai-lsp-pages)

(defgroup ai-lsp nil
  "AI suggestions from a model on your own machine."
  :group 'tools)

(defcustom ai-lsp-command '("ai-lsp" "serve")
  "The command that starts the server."
  :type '(repeat string))

(defcustom ai-lsp-languages
  '("c" "cpp" "go" "java" "javascript" "lua" "python" "ruby" "rust" "typescript")
  "Languages, as LSP names them, that lsp-mode starts the server for."
  :type '(repeat string))

(defcustom ai-lsp-eglot-modes nil
  "Major modes in which eglot starts this server, in place of the language's own."
  :type '(repeat symbol))

(defcustom ai-lsp-idle-delay 0.2
  "Seconds without a key until ghost text is asked for."
  :type 'number)

(declare-function ai-lsp-eglot-server--eieio-childp "ai-lsp")
(declare-function eglot-client-capabilities "eglot")
(declare-function eglot-current-server "eglot")
(declare-function eglot-execute "eglot")
(declare-function eglot-managed-p "eglot")
(declare-function eglot--TextDocumentPositionParams "eglot")
(declare-function eglot--request "eglot")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function jsonrpc-notify "jsonrpc")
(declare-function lsp--client-server-id "lsp-mode")
(declare-function lsp--workspace-client "lsp-mode")
(declare-function lsp-inline-completion-accept "lsp-inline-completion")
(declare-function lsp-inline-completion-cancel "lsp-inline-completion")
(declare-function lsp-inline-completion-display "lsp-inline-completion")
(declare-function lsp-notify "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-workspaces "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(defvar completion-preview-commands)
(defvar completion-preview-idle-delay)
(defvar completion-preview-minimum-symbol-length)
(defvar eglot-server-programs)
(defvar lsp-inline-completion-active-map)
(defvar lsp-inline-completion-idle-delay)

;;; The two clients

(defconst ai-lsp--ask-command "ai-lsp.ask-instruction"
  "The command that code actions have Emacs itself run.")

(defconst ai-lsp--own-commands (list :commands (list :commands (vector ai-lsp--ask-command)))
  "How the server is told of that, which is how rust-analyzer is.")

(defun ai-lsp-setup-lsp-mode ()
  "Tell lsp-mode of the server, and have Tab accept what it shows."
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () ai-lsp-command))
                    :activation-fn (apply #'lsp-activate-on ai-lsp-languages)
                    :add-on? t
                    :custom-capabilities `((experimental . ,ai-lsp--own-commands))
                    :action-handlers (let ((handlers (make-hash-table :test 'equal)))
                                       (puthash ai-lsp--ask-command #'ai-lsp--ask handlers)
                                       handlers)
                    :server-id 'ai-lsp))
  (require 'lsp-inline-completion nil t)
  (when (boundp 'lsp-inline-completion-active-map)
    (setq lsp-inline-completion-idle-delay ai-lsp-idle-delay)
    (dolist (key (list (kbd "TAB") (kbd "<tab>")))
      (define-key lsp-inline-completion-active-map key #'lsp-inline-completion-accept))))

(defun ai-lsp-setup-eglot ()
  "Have eglot start the server in the modes of `ai-lsp-eglot-modes'."
  (when ai-lsp-eglot-modes
    (add-to-list 'eglot-server-programs
                 (cons ai-lsp-eglot-modes
                       (if (fboundp 'eglot-execute) ; before Emacs 30 it cannot ask
                           (cons 'ai-lsp-eglot-server ai-lsp-command)
                         ai-lsp-command)))))

(with-eval-after-load 'eglot
  (when (fboundp 'eglot-execute)
    (defclass ai-lsp-eglot-server (eglot-lsp-server) ()
      "A server whose code actions may have Emacs ask for an instruction.")

    (add-hook 'eglot-managed-mode-hook #'ai-lsp--prepare-preview)

    (cl-defmethod eglot-client-capabilities ((_server ai-lsp-eglot-server))
      "Add the command that Emacs runs itself."
      (plist-put (cl-call-next-method) :experimental ai-lsp--own-commands))

    (cl-defmethod eglot-execute ((_server ai-lsp-eglot-server) action)
      "Ask for the instruction of ACTION where it needs one, else do as ever."
      (if (equal (plist-get action :command) ai-lsp--ask-command)
          (ai-lsp--ask action)
        (cl-call-next-method)))))

(with-eval-after-load 'lsp-mode (ai-lsp-setup-lsp-mode))
(with-eval-after-load 'eglot (ai-lsp-setup-eglot))

;;; Talking to the server

(defun ai-lsp--lsp-mode-p ()
  "Whether lsp-mode has our server in this buffer."
  (and (bound-and-true-p lsp-mode)
       (seq-some (lambda (workspace)
                   (eq (lsp--client-server-id (lsp--workspace-client workspace)) 'ai-lsp))
                 (lsp-workspaces))))

(defun ai-lsp--eglot-p ()
  "Whether eglot has a server in this buffer."
  (and (fboundp 'eglot-managed-p) (eglot-managed-p)))

(defun ai-lsp--execute (command then &rest arguments)
  "Have the server execute COMMAND with ARGUMENTS.
THEN is called with what it returns."
  (let ((params (list :command command :arguments (vconcat arguments))))
    (cond
     ((ai-lsp--lsp-mode-p)
      (lsp-request-async "workspace/executeCommand" params then
                         :error-handler #'ai-lsp--complain))
     ((ai-lsp--eglot-p)
      (jsonrpc-async-request (eglot-current-server) :workspace/executeCommand params
                             :success-fn then :error-fn #'ai-lsp--complain))
     (t (user-error "There is no ai-lsp in this buffer; M-x lsp or M-x eglot starts it")))))

(defun ai-lsp--ask (action)
  "Ask what is to be done, and have the server run the order in ACTION with that.
Nothing happens where nothing is said."
  (let ((said (string-trim (read-string (concat (ai-lsp--get action "title") ": "))))
        (order (elt (ai-lsp--get action "arguments") 0)))
    (unless (string-empty-p said)
      (ai-lsp--execute "ai-lsp.run" #'ignore (ai-lsp--with order "instruction" said)))))

(defun ai-lsp--complain (failure)
  "Say that the server answered with FAILURE."
  (message "ai-lsp: %s" (ai-lsp--get failure "message")))

;;; Ghost text with eglot

(defvar ai-lsp--by-hand nil "Whether a suggestion is asked for by hand.")

(defun ai-lsp--prepare-preview ()
  "Have `completion-preview-mode' show suggestions of ours with all their lines.
It asks when the keys pause: else Emacs draws no key before the answer to it."
  (when (and (ai-lsp--eglot-p) (ai-lsp--ours-p (eglot-current-server)))
    (add-hook 'completion-at-point-functions #'ai-lsp-completion-at-point -50 t)
    (setq-local completion-preview-idle-delay ai-lsp-idle-delay
                completion-preview-minimum-symbol-length nil)
    (when (boundp 'completion-preview-commands)
      (setq-local completion-preview-commands
                  (append '(newline python-indent-dedent-line-backspace completion-preview-insert)
                          completion-preview-commands)))))

(defun ai-lsp--ours-p (server)
  "Whether eglot's SERVER is ai-lsp."
  (and (fboundp 'ai-lsp-eglot-server-p) (ai-lsp-eglot-server-p server)))

(defun ai-lsp-completion-at-point ()
  "Return the suggestions for point, the best first.
Only `completion-preview-mode' gets any: menus have no room for several lines."
  (when-let* (((bound-and-true-p completion-preview-mode))
              (items (ai-lsp--items))
              (texts (mapcar (lambda (item) (plist-get item :insertText)) items)))
    (list (point) (point)
          (lambda (string predicate action)
            (if (eq action 'metadata)
                '(metadata (display-sort-function . identity) (cycle-sort-function . identity))
              (complete-with-action action texts string predicate)))
          :exit-function (lambda (text _status) (ai-lsp--accepted text items)))))

(defun ai-lsp--items ()
  "Ask for the suggestions for point, and wait for them as long as there is no key."
  (let* ((context (list :triggerKind (if ai-lsp--by-hand 1 2)))
         (params (append (eglot--TextDocumentPositionParams) (list :context context)))
         (answer (eglot--request (eglot-current-server) :textDocument/inlineCompletion params
                                 :cancel-on-input t)))
    (append (if (vectorp answer) answer (plist-get answer :items)) nil)))

(defun ai-lsp--accepted (text items)
  "Tell the server that TEXT, one of ITEMS, was accepted."
  (when-let* ((item (seq-find (lambda (one) (equal (plist-get one :insertText) text)) items))
              (command (plist-get item :command)))
    (apply #'ai-lsp--execute (plist-get command :command) #'ignore
           (append (plist-get command :arguments) nil))))

;;; Commands

(defun ai-lsp-suggest ()
  "Ask for a suggestion here and now."
  (interactive)
  (if (ai-lsp--lsp-mode-p)
      (lsp-inline-completion-display)
    (let ((ai-lsp--by-hand t))
      (completion-at-point))))

(defvar ai-lsp--off nil "Whether suggestions were switched off by `ai-lsp-toggle'.")

(defun ai-lsp-toggle ()
  "Switch suggestions off, or on again, in all buffers of this server."
  (interactive)
  (let* ((off (not ai-lsp--off))
         (enabled (if off :json-false t))
         (settings (list :settings (list :ai-lsp (list :enabled enabled)))))
    (cond
     ((ai-lsp--lsp-mode-p)
      (when (fboundp 'lsp-inline-completion-cancel)
        (lsp-inline-completion-cancel))
      (lsp-notify "workspace/didChangeConfiguration" settings))
     ((ai-lsp--eglot-p)
      (jsonrpc-notify (eglot-current-server) :workspace/didChangeConfiguration settings))
     (t (user-error "There is no ai-lsp in this buffer")))
    (setq ai-lsp--off off)
    (message "ai-lsp: suggestions are %s" (if off "off" "on"))))

(defun ai-lsp-why ()
  "Show how the latest suggestion came about, or why there was none."
  (interactive)
  (ai-lsp--execute "ai-lsp.why"
                   (lambda (trace) (ai-lsp--show "*ai-lsp why*" (ai-lsp--why trace)))))

(defun ai-lsp-stats ()
  "Show how many suggestions there were since the start, and what became of them."
  (interactive)
  (ai-lsp--execute "ai-lsp.stats"
                   (lambda (stats) (ai-lsp--show "*ai-lsp stats*" (ai-lsp--stats stats)))))

(provide 'ai-lsp)

;;; ai-lsp.el ends here
