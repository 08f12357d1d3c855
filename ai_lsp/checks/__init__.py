"""Programs of other people, such as linters and compilers, that judge suggestions asked for by hand."""
