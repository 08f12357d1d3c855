"""From what an import says to the files it stands for; one file a language. Good enough, not complete."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules import c, csharp, ecmascript, go, java, php, python, ruby, rust
from ai_lsp.context.definitions.modules.importer import Importer, Resolver

__all__ = ["Importer", "files_of", "is_installed", "joined", "siblings"]

_MOST = 60
"""Files that one module may have; a Go package is a folder."""
_ECMASCRIPT = ("typescript", "typescriptreact", "javascript", "javascriptreact", "vue", "svelte")
_RESOLVERS: dict[str, Resolver] = {
    "python": python.resolve,
    **dict.fromkeys(_ECMASCRIPT, ecmascript.resolve),
    "go": go.resolve,
    "rust": rust.resolve,
    "java": java.resolve,
    "csharp": csharp.resolve,
    "c": c.resolve,
    "cpp": c.resolve,
    "ruby": ruby.resolve,
    "php": php.resolve,
}
_SEPARATORS = {"rust": "::", "php": "\\", "ruby": "::", **dict.fromkeys(("go", "c", "cpp", *_ECMASCRIPT), "/")}
_BY_TYPE = {"java": ".java", "csharp": ".cs", "php": ".php"}
"""Languages in which a type lies in a file of its name, and sees those of its folder without an import."""
_INSTALLED = frozenset({"site-packages", "dist-packages", "node_modules"})


def files_of(language: str, module: str, importer: Importer) -> list[Path]:
    """Return the files that `module`, as written in an import of `importer`, stands for; best first.

    Only files that are there, in the workspace or where packages are installed, and not the importer itself.
    """
    resolver = _RESOLVERS.get(language)
    return _existing(resolver(module, importer), importer) if resolver is not None else []


def siblings(language: str, name: str, importer: Importer) -> list[Path]:
    """Return the files that may define `name` although nothing imports it, as of the same package."""
    folder = importer.file.parent
    if language == "go":
        return _existing(go.package(folder), importer)
    ending = _BY_TYPE.get(language)
    return _existing(iter([folder / f"{name}{ending}"]), importer) if ending is not None else []


def joined(language: str, module: str, name: str) -> str:
    """Return the name of the module or type `name` within `module`."""
    separator = _SEPARATORS.get(language, ".")
    return module + name if module.endswith(separator) or not module else f"{module}{separator}{name}"


def is_installed(path: Path) -> bool:
    """Whether a file is of an installed package rather than of the repository."""
    return not _INSTALLED.isdisjoint(path.parts)


def _existing(candidates: Iterator[Path], importer: Importer) -> list[Path]:
    found: dict[Path, None] = {}
    own = importer.file
    try:
        for candidate in candidates:
            path = Path(os.path.normpath(candidate))
            if path not in found and path != own and _may_lie(path, importer) and path.is_file():
                found[path] = None
            if len(found) >= _MOST:
                break
    except (OSError, ValueError):  # a name that no path can have
        pass
    return list(found)


def _may_lie(path: Path, importer: Importer) -> bool:
    return is_installed(path) or any(path.is_relative_to(one) for one in (importer.root, *importer.folders))
