; import "a"
(import_statement
  .
  "import"
  .
  source: (string) @import.module) @import

; import a from "b"
(import_statement
  (import_clause
    (identifier) @import.name)
  source: (string) @import.module
  (#set! import.original "default")) @import

; import * as a from "b"
(import_statement
  (import_clause
    (namespace_import
      (identifier) @import.name))
  source: (string) @import.module) @import

; import { a } from "b"
(import_statement
  (import_clause
    (named_imports
      (import_specifier
        name: (_) @import.member
        !alias)))
  source: (string) @import.module) @import

; import { a as b } from "c"
(import_statement
  (import_clause
    (named_imports
      (import_specifier
        name: (_) @import.original
        alias: (_) @import.name)))
  source: (string) @import.module) @import

; export * from "a": what a file passes on can be had from it
(export_statement
  "*" @import.all
  source: (string) @import.module) @import

; export * as a from "b"
(export_statement
  (namespace_export
    (identifier) @import.name)
  source: (string) @import.module) @import

; export { a } from "b"
(export_statement
  (export_clause
    (export_specifier
      name: (_) @import.member
      !alias))
  source: (string) @import.module) @import

; export { a as b } from "c"
(export_statement
  (export_clause
    (export_specifier
      name: (_) @import.original
      alias: (_) @import.name))
  source: (string) @import.module) @import

; const a = require("b"), const { a, b: c } = require("d"); other calls are passed over
(variable_declarator
  name: (_) @import.pattern
  value: (call_expression) @import.require) @import
