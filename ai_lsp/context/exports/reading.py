"""The names of one module, from its source, its stubs, and what typeshed says of the standard library."""

from __future__ import annotations

import ast
import logging
import re
import symtable
import sys
from collections.abc import Iterator
from pathlib import Path

import typeshed_client

from ai_lsp.context.definitions.modules.importer import Importer
from ai_lsp.context.definitions.modules.python import resolve

log = logging.getLogger(__name__)

_LARGE = 2_000_000
"""Bytes above which no source is read."""
_DEEPEST = 8
"""How many modules may pass on all of one another's names."""
_PLATFORMS = ("linux", "darwin", "win32")
"""Code that is written here may well run elsewhere."""
_DYNAMIC = re.compile(
    r"__getattr__|__dict__|\b(?:globals|vars|locals|setattr|exec|eval)\s*\(|\bsys\.modules\b|\blazy_loader\b"
)
"""What may give a module names that nobody can read in it."""
_VERSION = re.compile(r"python3\.(\d+)")


def names_of(module: str, importer: Importer, depth: int = 0) -> frozenset[str] | None:
    """Return every name that `module`, as `importer` writes it, has for sure; None where there may be others.

    Takes some 10 to 100 ms. Names that begin with an underscore may be missing.
    """
    files = [file for file in resolve(module, importer) if file.is_file()]
    installed = all(any(file.is_relative_to(folder) for folder in importer.folders) for file in files)
    if module.partition(".")[0] in sys.stdlib_module_names and installed:
        return _standard(module, files, importer)
    found = set[str]()
    for file in files:
        names = _bound(file, importer, depth)
        if names is None:
            return None
        found |= names
    return frozenset(found) if files else None


def _standard(module: str, files: list[Path], importer: Importer) -> frozenset[str] | None:
    """Return the names of a module of the standard library, on any platform, and what its source has besides."""
    found = set[str]()
    for platform in _PLATFORMS:
        context = typeshed_client.get_search_context(search_path=[], version=_version(importer), platform=platform)
        try:
            stub = typeshed_client.get_stub_file(module, search_context=context)
            found.update(typeshed_client.get_stub_names(module, search_context=context) or ())
        except (typeshed_client.InvalidStub, SyntaxError, OSError) as error:
            log.info("the stubs of %s cannot be read: %s", module, error)
            return None
        if stub is not None:
            found.update(_submodules(stub))
    if not found:
        return None
    for file in files:
        found.update(_submodules(file), _assigned(_text(file), file) or ())
    return frozenset(found)


def _version(importer: Importer) -> tuple[int, int]:
    """Return the version of the environment's Python, by its folders; this process's own without any."""
    for folder in importer.folders:
        if found := _VERSION.search(folder.as_posix()):
            return 3, int(found[1])
    return sys.version_info[:2]


def _bound(file: Path, importer: Importer, depth: int) -> set[str] | None:
    """Return the names that a file binds or passes on, with the modules beside it if it is a package."""
    text = _text(file)
    if depth > _DEEPEST or _DYNAMIC.search(text):
        return None
    names = _assigned(text, file)
    if names is None:
        return None
    inside = Importer(file, importer.root, importer.folders)
    for other in _passed_on(text):
        more = names_of(other, inside, depth + 1)
        if more is None:
            return None
        names |= more
    return names | set(_submodules(file))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig", "replace") if file.stat().st_size <= _LARGE else "globals()"
    except OSError:
        return "globals()"  # whatever it may have


def _assigned(text: str, file: Path) -> set[str] | None:
    """Return the names that the module's own code binds, under whatever condition; None for what is no Python."""
    try:
        table = symtable.symtable(text, str(file), "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return set(_names(table, top=True))


def _names(table: symtable.SymbolTable, *, top: bool) -> Iterator[str]:
    """Yield what is bound at the module's level, also from within functions that say ``global``."""
    for symbol in table.get_symbols():
        binds = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace() or symbol.is_annotated()
        if binds and (top or symbol.is_declared_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _names(child, top=False)


def _passed_on(text: str) -> Iterator[str]:
    """Yield the modules of which all names are imported, as they are written."""
    if "*" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield "." * node.level + (node.module or "")


def _submodules(file: Path) -> Iterator[str]:
    """Yield the modules within the package that `file` is the start of."""
    if file.stem != "__init__":
        return
    for entry in file.parent.iterdir():
        name, _, ending = entry.name.partition(".")
        if (
            name.isidentifier()
            and not name.startswith("__")
            and (not ending or ending.endswith(("py", "pyi", "so", "pyd")))
        ):
            yield name
