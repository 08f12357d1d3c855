(function_declaration) @definition.function

; func (s *Server) f() is a member of Server
(method_declaration
  receiver: (_) @parent) @definition.method

(type_spec
  type: (struct_type
    (field_declaration_list) @body)) @definition.struct

(type_spec
  type: (interface_type
    "{" @body)) @definition.interface

(type_spec) @definition.type

(type_alias) @definition.type

(field_declaration
  name: (field_identifier) @name) @definition.field

(method_elem) @definition.method

(const_spec
  name: (identifier) @name) @definition.constant

(var_spec
  name: (identifier) @name) @definition.variable
