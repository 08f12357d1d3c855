; import "a/b"; the name is the last part of the path
(import_spec
  !name
  path: (_) @import.module) @import

(import_spec
  name: (package_identifier) @import.name
  path: (_) @import.module) @import

(import_spec
  name: (dot) @import.all
  path: (_) @import.module) @import
