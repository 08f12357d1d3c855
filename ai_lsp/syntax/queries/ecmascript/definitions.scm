; What JavaScript and TypeScript share. No grammar is called so; theirs inherit it.

(function_declaration) @definition.function

(generator_function_declaration) @definition.function

(class_declaration) @definition.class

(method_definition) @definition.method

; const f = () => {} becomes a function by its value
(variable_declarator) @definition.variable

; this.x = 1, A.prototype.f = function () {}, exports.f = () => {}
(assignment_expression
  left: (member_expression) @name) @definition.field
