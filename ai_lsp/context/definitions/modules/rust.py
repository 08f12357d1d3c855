"""From a Rust path or ``mod`` to the file of the module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer

_ROOTS = ("mod.rs", "lib.rs", "main.rs")


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the file of a path such as ``crate::a::b``; that of ``mod name;`` is ``self::name``."""
    first, *rest = module.split("::")
    if first == "crate":
        yield from _below(_source_folder(importer), rest)
    elif first in ("self", "super"):
        folder = _own_folder(importer.file)
        while first == "super" or (first == "self" and rest[:1] == ["super"]):
            folder = folder.parent
            first, *rest = rest or [""]
        yield from _below(folder, rest if first in ("self", "") else [first, *rest])
    else:
        yield from _below(_own_folder(importer.file), [first, *rest])
        for name in (first, first.replace("_", "-")):
            for crate in (importer.root / name, importer.root / "crates" / name):
                yield from _below(crate / "src", rest)


def _source_folder(importer: Importer) -> Path:
    for folder in importer.upwards():
        if (folder / "Cargo.toml").is_file():
            return folder / "src"
    return importer.file.parent


def _own_folder(file: Path) -> Path:
    """Return the folder of the file's submodules."""
    return file.parent if file.name in _ROOTS else file.with_suffix("")


def _below(folder: Path, parts: list[str]) -> Iterator[Path]:
    """Yield the file of the module `parts`, or of the one that has its last part as an item."""
    for upto in (len(parts), len(parts) - 1):
        if upto > 0:
            place = folder.joinpath(*parts[:upto])
            yield place.with_name(place.name + ".rs")
            yield place / "mod.rs"
        elif upto == 0:
            yield from (folder / name for name in _ROOTS)
            yield folder.with_name(folder.name + ".rs")
