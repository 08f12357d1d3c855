; import a.b.C; import static a.B.c;
(import_declaration
  (scoped_identifier
    name: (identifier) @import.name) @import.module
  .
  ";") @import

; import a.b.*;
(import_declaration
  (scoped_identifier) @import.module
  (asterisk) @import.all) @import
