"""From an ``#include`` of C and C++ to the header."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the header `module` beside the file, above it, and in the ``include`` and ``src`` of these folders."""
    module = module.strip("<>")
    for folder in importer.upwards():
        yield folder / module
        yield folder / "include" / module
        yield folder / "src" / module
