; The name in a declarator such as *f(int) is the innermost one; the reader finds it, and whether it is a function.

(function_definition) @definition.function

(declaration
  declarator: (_) @name) @definition.variable

(struct_specifier
  body: (_)) @definition.struct

(union_specifier
  body: (_)) @definition.union

(enum_specifier
  body: (_)) @definition.enum

(enumerator) @definition.constant

(field_declaration
  declarator: (_) @name) @definition.field

; A struct without a name has that of its typedef.
(type_definition) @definition.type

(preproc_def
  value: (_)) @definition.constant

(preproc_function_def
  value: (_) @body) @definition.macro
