; import a.b
(import_statement
  name: (dotted_name
    .
    (identifier) @import.name) @import.module) @import

; import a.b as c
(import_statement
  name: (aliased_import
    name: (dotted_name) @import.module
    alias: (identifier) @import.name)) @import

; from a import b
(import_from_statement
  module_name: (_) @import.module
  name: (dotted_name) @import.member) @import

; from a import b as c
(import_from_statement
  module_name: (_) @import.module
  name: (aliased_import
    name: (dotted_name) @import.original
    alias: (identifier) @import.name)) @import

; from a import *
(import_from_statement
  module_name: (_) @import.module
  (wildcard_import) @import.all) @import
