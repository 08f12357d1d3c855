"""Which modules there are: those of a folder's own code, and those of its Python environment.

What is asked is answered from what a thread found before; nothing here touches the disk on the event loop.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ai_lsp import timeslice
from ai_lsp.completion.place import Place
from ai_lsp.context.definitions.interpreter import environment_for
from ai_lsp.context.exports.exports import Exports
from ai_lsp.documents import Document

log = logging.getLogger(__name__)

_FRESH_SECONDS = 60.0
"""How old a look may be for what it did not find to be missing: packages get installed meanwhile."""
_MOST_FILES = 50_000
_SMALL = 1 << 20
_LONG = 10_000
"""Lines of an open document that is not looked through, but taken to have any name."""
_MANIFESTS = frozenset({"package.json", "go.mod", "Cargo.toml", "pyproject.toml"})
_SKIPPED = frozenset({"node_modules", "__pycache__", "target", "build", "dist", "site-packages"})
_SEPARATOR = re.compile(r"::|[./\\]")
_NAME = re.compile(r"^module\s+(\S+)|^\s*name\s*=\s*\"([^\"]+)\"", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at one folder found."""

    when: float
    own: frozenset[str] = frozenset()
    """Names of files and folders in it, without endings."""
    packages: frozenset[str] = frozenset()
    """Names that manifests in it give."""
    folders: frozenset[str] = frozenset()
    """Folders within it, with ``/``."""
    installed: frozenset[str] | None = None
    """Top-level modules of the folder's own Python environment; None where it has none."""


@dataclass
class Installed:
    """The modules of the workspace's folders; belongs to the event loop, and looks at the disk in a thread."""

    roots: Callable[[], Iterable[Path]]
    clock: Callable[[], float] = time.monotonic
    executor: Executor = field(default_factory=lambda: timeslice.pool(1, "modules"))
    documents: Callable[[], Mapping[str, Document]] = dict
    """What is open, by URI."""
    _found: dict[Path, Found] = field(default_factory=dict)
    _looking: set[Path] = field(default_factory=set)
    exports: Exports = field(init=False)

    def __post_init__(self) -> None:
        self.exports = Exports(self.executor, clock=self.clock)

    def is_own(self, module: str, place: Place) -> bool | None:
        """Whether `module` is of the folder that `place` is in; None while that is not known."""
        found = self._known(place)
        if found is None:
            return None
        if place.language == "python":
            return module.partition(".")[0] in found.own
        if any(module == name or module.startswith((f"{name}/", f"{name}::")) for name in found.packages):
            return True
        parts = [part for part in _SEPARATOR.split(module) if part]
        within = "/" + "/".join(parts[:-1])
        return len(parts) > 2 and any(folder.endswith(within) for folder in found.folders)

    def exists(self, module: str, place: Place) -> bool | None:
        """Whether there is a Python module of that name; None for other languages and what is not known."""
        found, top = self._known(place), module.partition(".")[0]
        if place.language != "python" or not top or found is None or found.installed is None:
            return None
        if top in found.installed or top in found.own or top in sys.stdlib_module_names:
            return True
        return False if self.clock() - found.when < _FRESH_SECONDS else None

    def offers(self, module: str, name: str, place: Place, *, begins: bool = False) -> bool | None:
        """Whether a Python module has a name; None for other languages, unsaved code, and what is not known."""
        root = self._root(place)
        if place.language != "python" or root is None:
            return None
        file = Path(unquote(urlsplit(place.uri).path))
        has = self.exports.has(module, name, file, root, begins=begins)
        return None if has is False and self._is_open_elsewhere(name, place) else has

    def _is_open_elsewhere(self, name: str, place: Place) -> bool:
        """Whether another document has `name`, which may not be saved yet."""
        others = [one.lines for uri, one in self.documents().items() if uri != place.uri]
        return any(len(lines) > _LONG or name in "".join(lines) for lines in others)

    def _known(self, place: Place) -> Found | None:
        """Return what is known of the place's folder; looks at it anew, for the next time, where that is old."""
        root = self._root(place)
        if root is None:
            return None
        found = self._found.get(root)
        if found is None or self.clock() - found.when >= _FRESH_SECONDS:
            self._look_at(root)
        return found

    def refresh(self) -> None:
        """Look at all folders, in the background."""
        for root in self.roots():
            self._look_at(root)

    def _look_at(self, root: Path) -> None:
        if root not in self._looking:
            self._looking.add(root)
            self.executor.submit(self._look, root)

    def _root(self, place: Place) -> Path | None:
        path = unquote(urlsplit(place.uri).path)
        inside = [root for root in self.roots() if path.startswith(f"{root.as_posix()}/")]
        return max(inside, key=lambda root: len(root.parts), default=None)

    def _look(self, root: Path) -> None:
        try:
            if (found := look(root, self.clock())) is not None:
                self._found[root] = found
        except OSError as error:
            log.info("the modules of %s cannot be looked up: %s", root, error)
        finally:
            self._looking.discard(root)


def look(root: Path, now: float = 0.0) -> Found | None:
    """Return the modules of the folder `root` and of its own Python environment; takes up to a second.

    None for a folder that holds too much. Raises OSError when it cannot be read.
    """
    own, packages, folders, count = set[str](), set[str](), set[str](), 0
    for folder, below, files in os.walk(root):
        below[:] = [name for name in below if not _is_skipped(Path(folder, name))]
        place = Path(folder)
        folders.add("/" + place.relative_to(root).as_posix())
        own.update(below, (name.partition(".")[0] for name in files))
        packages.update(name for file in _MANIFESTS.intersection(files) for name in _named(place / file))
        if (count := count + len(files)) > _MOST_FILES:
            return None
    return Found(now, frozenset(own), frozenset(packages), frozenset(folders), _installed(root))


def _is_skipped(folder: Path) -> bool:
    return folder.name in _SKIPPED or folder.name.startswith(".") or (folder / "pyvenv.cfg").exists()


def _named(manifest: Path) -> Iterator[str]:
    """Yield the names that a manifest gives to what is in its folder."""
    if manifest.stat().st_size > _SMALL:
        return
    text = manifest.read_text("utf-8", "replace")
    if manifest.name == "package.json":
        try:
            name = json.loads(text).get("name")
        except (ValueError, AttributeError):
            return
        if isinstance(name, str):
            yield name
        return
    for found in _NAME.finditer(text):
        name = found[1] or found[2]
        yield from {name, name.replace("-", "_")}


def _installed(root: Path) -> frozenset[str] | None:
    """Return the top-level modules of the environment that is the folder's own; None where there is none.

    What is on the path is nobody's own: the folder's packages may well be somewhere else.
    """
    folders = environment_for(root, which=lambda _name: None).folders
    if not any(folder.name in ("site-packages", "dist-packages") for folder in folders):
        return None
    return frozenset(name for folder in folders if folder.is_dir() for name in _modules(folder))


def _modules(folder: Path) -> Iterator[str]:
    for entry in folder.iterdir():
        name, _, ending = entry.name.partition(".")
        if not ending or ending.endswith(("py", "pyi", "so", "pyd")):
            yield name.removesuffix("-stubs")
