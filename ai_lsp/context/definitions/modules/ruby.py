"""From ``require_relative`` and ``require`` of Ruby to the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the file `module` beside the importer, else under a ``lib`` folder above it."""
    name = module if module.endswith(".rb") else f"{module}.rb"
    yield importer.file.parent / name
    for folder in importer.upwards():
        yield folder / "lib" / name
        yield folder / name
