(module) @definition.module

(class) @definition.class

(method) @definition.function

(singleton_method) @definition.function

(assignment
  left: (constant) @name) @definition.constant
