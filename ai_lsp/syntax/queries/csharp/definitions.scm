(namespace_declaration) @definition.namespace

; namespace A.B; holds for the rest of the file
(file_scoped_namespace_declaration) @definition.namespace

(class_declaration) @definition.class

(struct_declaration) @definition.struct

(interface_declaration) @definition.interface

(enum_declaration) @definition.enum

(record_declaration) @definition.record

(delegate_declaration) @definition.type

(enum_member_declaration) @definition.constant

(constructor_declaration) @definition.constructor

(method_declaration) @definition.method

(local_function_statement) @definition.function

(property_declaration) @definition.property

(field_declaration
  (variable_declaration
    (variable_declarator) @name)) @definition.field

(event_field_declaration
  (variable_declaration
    (variable_declarator) @name)) @definition.field
