(namespace_definition) @definition.namespace

(function_definition) @definition.function

(class_declaration) @definition.class

(interface_declaration) @definition.interface

(trait_declaration) @definition.trait

(enum_declaration) @definition.enum

(enum_case) @definition.constant

(method_declaration) @definition.method

(const_element
  .
  (name) @name) @definition.constant

(property_element) @definition.field

; __construct(private int $x)
(property_promotion_parameter) @definition.field @own
