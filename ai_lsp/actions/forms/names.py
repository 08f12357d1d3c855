"""Names that a Python test uses and nobody defines: small models copy them from the example they were shown."""

from __future__ import annotations

import ast
import builtins

_BUILTIN = frozenset(dir(builtins)) | {"__file__", "__name__"}


def unknown_names(text: str) -> list[str]:
    """Return the names that `text` uses and defines nowhere, sorted; none where it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    used: set[str] = set()
    known: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.add(node.id)
        elif isinstance(node, ast.Name):
            known.add(node.id)
        elif isinstance(node, ast.alias):
            known.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            known.add(node.name)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            known.add(node.name)
    return [] if "*" in known else sorted(used - known - _BUILTIN)
