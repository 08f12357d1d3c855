"""Which model does which job where."""
