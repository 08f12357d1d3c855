(function_item) @definition.function

(function_signature_item) @definition.function

(struct_item) @definition.struct

(union_item) @definition.union

(enum_item) @definition.enum

(trait_item) @definition.trait

(mod_item
  body: (_)) @definition.module

; An impl defines no name, but what is in it belongs to its type.
(impl_item
  type: (_) @name) @scope

(field_declaration) @definition.field

(enum_variant) @definition.constant

(const_item) @definition.constant

(static_item) @definition.constant

(type_item) @definition.type

(associated_type) @definition.type

(macro_definition
  (macro_rule) @body) @definition.macro
