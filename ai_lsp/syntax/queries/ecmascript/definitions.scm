; What JavaScript and TypeScript share. No grammar is called so; theirs inherit it.

(function_declaration) @definition.function

(generator_function_declaration) @definition.function

(class_declaration) @definition.class

(method_definition) @definition.method

; const f = () => {} becomes a function by its value; what is in blocks and callbacks is local
(program
  (lexical_declaration
    (variable_declarator) @definition.variable))

(program
  (variable_declaration
    (variable_declarator) @definition.variable))

(export_statement
  (lexical_declaration
    (variable_declarator) @definition.variable))

(export_statement
  (variable_declaration
    (variable_declarator) @definition.variable))

; this.x = 1, A.prototype.f = function () {}, exports.f = () => {}
(assignment_expression
  left: (member_expression) @name) @definition.field
