; inherits: c

(class_specifier
  body: (_)) @definition.class

(namespace_definition) @definition.namespace

(alias_declaration) @definition.type

(concept_definition) @definition.type
