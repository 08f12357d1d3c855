; Classes, functions, and the variables of modules, classes and instances.

(class_definition) @definition.class

(function_definition) @definition.function

(assignment
  left: (identifier) @name) @definition.variable

; self.x = 1
(assignment
  left: (attribute) @name) @definition.field

(type_alias_statement
  left: (type) @name) @definition.type
