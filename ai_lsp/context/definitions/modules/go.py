"""From a Go import path to the files of the package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer, text_of

_MODULE = re.compile(r'^module\s+"?([^\s"]+)', re.MULTILINE)


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the sources in the folder of `module` by the nearest ``go.mod``, else in ``vendor``."""
    for folder in importer.upwards():
        found = _MODULE.search(text_of(folder / "go.mod"))
        if found and (module == found[1] or module.startswith(found[1] + "/")):
            yield from package(folder / module[len(found[1]) :].lstrip("/"))
        elif found:
            yield from package(folder / "vendor" / module)


def package(folder: Path) -> Iterator[Path]:
    """Yield the sources in a folder, without tests."""
    yield from (path for path in sorted(folder.glob("*.go")) if not path.name.endswith("_test.go"))
