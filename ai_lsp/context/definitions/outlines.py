"""Outlines of files, kept in memory; what takes long to parse is put off until nobody waits."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ai_lsp.context.definitions.modules import is_installed
from ai_lsp.syntax.declarations import TYPES
from ai_lsp.syntax.languages import language_of
from ai_lsp.syntax.outline import Definition, Import, outline_and_imports

log = logging.getLogger(__name__)

_LARGE = 500_000
"""Bytes above which a file is generated or bundled, and not looked into. Freeing the tree of one holds all threads
up, for 4 ms at this size."""
_AT_ONCE = 12_000
"""Bytes that are parsed while a request waits; it takes some 3 ms."""
_KEPT_DEFINITIONS = 60_000
_WAITING = 64
_VALUES = frozenset({"constant", "variable"})
_SPACES = frozenset({"namespace", "module", "package"})


_HELD = re.compile(r"self\.\w+ = (\w+)")
_ANNOTATION = r"[^,=()\[\]]+(?:\[[^()=]*?\](?=\s*[,=)|]))?[^,=()\[\]]*"


@dataclass(frozen=True, eq=False)
class Module:
    """The outline of one file."""

    path: Path
    language: str
    definitions: Sequence[Definition]
    imports: Sequence[Import]

    @cached_property
    def _by_name(self) -> dict[str, list[Definition]]:
        spaces = {one.name for one in self.definitions if one.kind in _SPACES}
        found: dict[str, list[Definition]] = defaultdict(list)
        for one in self.definitions:
            if not one.parent or one.kind in TYPES or _last(one.parent) in spaces:
                found[one.name].append(one)
        return {name: sorted(some, key=lambda one: bool(one.parent)) for name, some in found.items()}

    @cached_property
    def _by_parent(self) -> dict[str, list[Definition]]:
        found: dict[str, list[Definition]] = defaultdict(list)
        for one in self.definitions:
            if one.parent:
                found[_last(one.parent)].append(one)
        return (
            {name: _annotated(some) for name, some in found.items()} if self.language == "python" else dict(found)
        )

    @cached_property
    def bound(self) -> dict[str, list[tuple[Import, str]]]:
        """The imports of each name, and what it is called where it comes from; empty for a module."""
        found: dict[str, list[tuple[Import, str]]] = defaultdict(list)
        for each in self.imports:
            for name, original in zip(each.names, each.originals, strict=False):
                found[name].append((each, original))
        return dict(found)

    def named(self, name: str) -> list[Definition]:
        """Return what the file defines under `name` for others to see, the outermost first."""
        return self._by_name.get(name, [])

    def default(self) -> list[Definition]:
        """Return what a module of JavaScript exports without a name."""
        return [one for one in self.definitions if one.signature.startswith("export default")][:1]

    def members(self, name: str) -> list[Definition]:
        """Return what stands within the class `name`, in the file's order."""
        return self._by_parent.get(name, [])

    def public(self) -> list[Definition]:
        """Return the names of the top level that are not marked as private."""
        bare = (one for one in self.definitions if not one.parent and not one.name.startswith("_"))
        return [one for one in bare if one.name not in self.bound]

    def offered(self) -> list[Definition]:
        """Return `public` and, without signatures, the names that a package of Python has from its own modules."""
        if self.path.name not in ("__init__.py", "__init__.pyi"):
            return self.public()
        own = (".", f"{self.path.parent.name}.")
        passed = (name for name, some in self.bound.items() if some[0][0].module.startswith(own) and some[0][1])
        names = (name for name in passed if name.isidentifier() and not name.startswith("_"))
        return [*self.public(), *(Definition(name, "import", 0, 0, "", "", "") for name in names)]

    def is_type(self, definition: Definition) -> bool:
        """Whether `definition` is something that has members."""
        return definition.kind in TYPES or definition.kind in _SPACES


def _annotated(members: list[Definition]) -> list[Definition]:
    """Return the members of a class, those that only hold a parameter of `__init__` with its annotation."""
    start = next((one.signature.replace("\n", " ") for one in members if one.name == "__init__"), "")
    result = []
    for one in members:
        held = _HELD.fullmatch(one.signature)
        said = re.search(rf"\b{held[1]}\s*:\s*({_ANNOTATION})", start) if held and start else None
        result.append(replace(one, signature=f"self.{one.name}: {said[1].strip()}") if said else one)
    return result


def _last(dotted: str) -> str:
    return dotted.replace("::", ".").rsplit(".", 1)[-1]


def module_of(text: str, path: Path, language: str) -> Module:
    """Return the outline of `text`, which is or will be the content of `path`."""
    definitions, imports = outline_and_imports(text, language)
    return Module(path, language, tuple(definitions), tuple(imports))


@dataclass(frozen=True)
class _Kept:
    stamp: tuple[int, int]
    module: Module


class Outlines:
    """The outlines of files on disk, least recently used first to go. May be used from several threads."""

    def __init__(
        self,
        may_be_read: Callable[[Path], bool],
        clock: Callable[[], float] = time.monotonic,
        kept_definitions: int = _KEPT_DEFINITIONS,
    ) -> None:
        """`may_be_read` guards the files of workspaces; it is not asked about installed packages."""
        self._may_be_read = may_be_read
        self._clock = clock
        self._room = kept_definitions
        self._kept: OrderedDict[Path, _Kept] = OrderedDict()
        self._waiting: OrderedDict[Path, None] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: Path, until: float) -> Module | None:
        """Return the outline of a file, None when it cannot be had before the clock says `until`.

        What is not known then is read by `prepare`.
        """
        stamp = _stamp(path)
        if stamp is None or stamp[1] > _LARGE:
            return None
        with self._lock:
            kept = self._kept.get(path)
            if kept is not None:
                self._kept.move_to_end(path)
        if kept is not None and kept.stamp == stamp:
            return kept.module
        if stamp[1] > _AT_ONCE or self._clock() >= until:
            self._put_off(path)
            return kept.module if kept is not None else None
        return self._read(path, stamp)

    def prepare(self) -> bool:
        """Read one of the files that were put off, as long as it takes, and return whether there was one."""
        with self._lock:
            path = self._waiting.popitem(last=False)[0] if self._waiting else None
        if path is not None and (stamp := _stamp(path)) is not None:
            self._read(path, stamp)
        return path is not None

    @property
    def has_waiting(self) -> bool:
        """Whether `prepare` has something to do."""
        return bool(self._waiting)

    def _put_off(self, path: Path) -> None:
        with self._lock:
            self._waiting[path] = None
            while len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)

    def _read(self, path: Path, stamp: tuple[int, int]) -> Module | None:
        """Parse a file and keep what comes of it, which is an empty outline for one that cannot be read."""
        text = ""
        if is_installed(path) or self._may_be_read(path):
            try:
                text = path.read_text("utf-8-sig", "replace")
            except OSError as error:
                log.info("%s cannot be read: %s", path, error)
        module = module_of(text, path, language_of(path))
        with self._lock:
            self._kept[path] = _Kept(stamp, module)
            self._kept.move_to_end(path)
            self._make_room()
        return module

    def _make_room(self) -> None:
        total = sum(_weight(kept.module) for kept in self._kept.values())
        while total > self._room and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            total -= _weight(gone.module)


def _weight(module: Module) -> int:
    return 20 + len(module.definitions) + len(module.imports)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_size
