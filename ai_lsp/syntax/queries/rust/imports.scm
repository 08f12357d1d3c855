; The tree of paths is taken apart by the reader.
(use_declaration
  argument: (_) @import.paths) @import

(extern_crate_declaration
  name: (identifier) @import.module) @import

; mod a; is in another file
(mod_item
  name: (identifier) @import.name
  !body) @import
