(class_declaration) @definition.class

(record_declaration) @definition.record

(interface_declaration) @definition.interface

(annotation_type_declaration) @definition.interface

(enum_declaration) @definition.enum

(enum_constant) @definition.constant

(constructor_declaration) @definition.constructor

(compact_constructor_declaration) @definition.constructor

(method_declaration) @definition.method

(annotation_type_element_declaration) @definition.method

(field_declaration
  declarator: (variable_declarator) @name) @definition.field

(constant_declaration
  declarator: (variable_declarator) @name) @definition.constant
