"""The folders of other people's code that a workspace has, and which of their files are looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ai_lsp.context.definitions.interpreter import environment_for
from ai_lsp.syntax.languages import language_of

VENDORED = frozenset({"vendor", "third_party", "third-party", "node_modules"})
"""Folders of a workspace that hold what others wrote."""
MANIFESTS = frozenset({"package.json", "composer.json", "Cargo.toml"})
"""Files in which a package names its licence."""

_DEPTH = 4
"""Folders of a workspace are searched for those so deep."""
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_METADATA = (".dist-info", ".egg-info")
_LICENCE_TEXT = re.compile(r"(?:un)?licen[sc]e|copying|copyright", re.IGNORECASE)
_NO_CODE = frozenset(
    ("json", "markdown", "plaintext", "toml", "xml", "yaml", "html", "css", "scss", "gomod", "makefile",
     "dockerfile")
)  # fmt: skip


def trees(root: Path, named: Sequence[str] = (), depth: int = _DEPTH) -> list[Path]:
    """Return the folders to look into, without links in them, none of which is in another.

    They are the packages of the Python environment, the folders of the root that are called as in `VENDORED`, and
    those that are `named`, relative to the root or absolute.
    """
    installed = [folder for folder in environment_for(root).folders if folder.name in _INSTALLED]
    found = [*installed, *_vendored(root, depth), *(root / Path(name).expanduser() for name in named)]
    real = sorted({folder.resolve() for folder in found if folder.is_dir()})
    return [folder for folder in real if not any(folder != one and folder.is_relative_to(one) for one in real)]


def state(root: Path, named: Sequence[str] = ()) -> tuple[tuple[str, int], ...]:
    """Return what changes when packages come and go: folders, and when each last got or lost an entry.

    Only those near the root are looked at, so that it costs next to nothing.
    """
    return tuple((str(folder), folder.stat().st_mtime_ns) for folder in trees(root, named, depth=2))


def _vendored(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = [entry for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name in VENDORED:
            yield path
        elif depth > 1 and not entry.name.startswith((".", "__")) and not (path / "pyvenv.cfg").is_file():
            yield from _vendored(path, depth - 1)


def name_of(package: str) -> str:
    """Return a package's name without its version, spelled as indexes compare it."""
    return re.sub(r"[-_.]+", "-", package.partition(" ")[0]).lower()


class Wanted:
    """Which entries of such a folder are looked at, as `walk` asks."""

    def keeps(self, path: str, *, folder: bool) -> bool:
        """Whether an entry is code, or tells a licence, or is a folder that may hold either."""
        name = path[path.rfind("/") + 1 :]
        if folder:
            return name != "__pycache__" and (not name.startswith(".") or name == ".pnpm")
        return is_code(name) or is_licence_text(path) or name in MANIFESTS or is_metadata(path)


def is_code(name: str) -> bool:
    """Whether a file of that name has code in it that one might copy."""
    return language_of(Path(name)) not in _NO_CODE


def is_licence_text(path: str) -> bool:
    """Whether a file is a licence's text by its name."""
    name = path[path.rfind("/") + 1 :]
    return bool(_LICENCE_TEXT.match(name)) and not is_code(name)


def is_metadata(path: str) -> bool:
    """Whether a file is one of those that describe an installed Python package."""
    folder, _, name = path.rpartition("/")
    return folder.endswith(_METADATA) and name in ("METADATA", "PKG-INFO", "RECORD", "top_level.txt")
