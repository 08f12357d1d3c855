"""From a C# namespace to the files of its types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the file of the type `module` (with its namespace), where folders are named like namespaces.

    The first parts of a namespace are often the project's and no folder.
    """
    parts = module.split(".")
    for start in range(len(parts)):
        relative = Path(*parts[start:]).with_suffix(".cs") if parts[-1] else Path(".cs")
        for folder in importer.upwards():
            yield folder / relative
            yield folder / "src" / relative
