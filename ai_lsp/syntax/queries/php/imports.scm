; use A\B;
(namespace_use_declaration
  (namespace_use_clause
    [
      (qualified_name
        (name) @import.name)
      (name) @import.name
    ] @import.module
    !alias)) @import

; use A\B as C;
(namespace_use_declaration
  (namespace_use_clause
    [
      (qualified_name)
      (name)
    ] @import.module
    alias: (name) @import.name)) @import

; use A\{B, C as D};
(namespace_use_declaration
  (namespace_name) @import.prefix
  body: (namespace_use_group
    (namespace_use_clause
      [
        (qualified_name
          (name) @import.name)
        (name) @import.name
      ] @import.module
      !alias))) @import

(namespace_use_declaration
  (namespace_name) @import.prefix
  body: (namespace_use_group
    (namespace_use_clause
      [
        (qualified_name)
        (name)
      ] @import.module
      alias: (name) @import.name))) @import

; require 'a.php'; require __DIR__ . '/a.php'; the path is the string in it
(require_expression) @import.require @import

(require_once_expression) @import.require @import

(include_expression) @import.require @import

(include_once_expression) @import.require @import
