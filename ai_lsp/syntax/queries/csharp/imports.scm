; using A.B; and using static A.B; bring in all that is in it
(using_directive
  !name
  [
    (identifier)
    (qualified_name)
  ] @import.module) @import

; using A = B.C;
(using_directive
  name: (identifier) @import.name
  [
    (qualified_name)
    (generic_name)
  ] @import.module) @import
