; inherits: ecmascript

(abstract_class_declaration) @definition.class

(interface_declaration) @definition.interface

(enum_declaration) @definition.enum

(type_alias_declaration) @definition.type

(internal_module) @definition.namespace

(module) @definition.namespace

(function_signature) @definition.function

(public_field_definition) @definition.field

(method_signature) @definition.method

(abstract_method_signature) @definition.method

(property_signature) @definition.field

; declare const x: number
(ambient_declaration
  (lexical_declaration
    (variable_declarator) @definition.variable))

(enum_body
  (property_identifier) @name @definition.constant)

(enum_assignment) @definition.constant

; constructor(private x: number)
(required_parameter
  (accessibility_modifier)
  pattern: (identifier) @name) @definition.field @own
