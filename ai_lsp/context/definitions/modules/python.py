"""From the name of a Python module to its file, as the import system finds it, but for hooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the sources and stubs of `module`, which may start with dots.

    A module is looked for above the importer's own package, in the root, in its ``src``, and in the environment.
    A stub comes after the source, which has the docstrings.
    """
    tail = module.lstrip(".")
    dots = len(module) - len(tail)
    parts = tail.split(".") if tail else []
    if dots:
        base = importer.file.parents[min(dots, len(importer.file.parents)) - 1]
        yield from _files(base, parts)
        return
    for base in _bases(importer):
        found = [path for path in _files(base, parts) if path.is_file()]
        if found:
            yield from found
            return


def _bases(importer: Importer) -> Iterator[Path]:
    top = importer.file.parent
    while (top / "__init__.py").is_file() and top != top.parent:
        top = top.parent
    yield from dict.fromkeys((top, importer.root, importer.root / "src", *importer.folders))


def _files(base: Path, parts: list[str]) -> Iterator[Path]:
    place = base.joinpath(*parts)
    for ending in (".py", ".pyi"):
        if parts:
            yield place.with_name(place.name + ending)
        yield place / f"__init__{ending}"
    if parts:
        stubs = base.joinpath(f"{parts[0]}-stubs", *parts[1:])
        yield stubs / "__init__.pyi"
        yield stubs.with_name(stubs.name + ".pyi")
