"""The names of modules as they were read last; what is not known is read by another process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from ai_lsp.index import priority

log = logging.getLogger(__name__)

_FRESH_SECONDS = 60.0
"""How old names may be for another one to be missing: modules are written and installed meanwhile."""
_LONGEST_SECONDS = 30.0
_MOST_KEPT = 2_000

Names = frozenset[str]
Asked = tuple[Path, str]
"""The file that imports, and the module as it is written there."""


@dataclass(frozen=True, slots=True)
class _Key:
    root: Path
    folder: Path
    """Of the file that imports; the root where the module does not depend on it."""
    module: str


@dataclass
class Exports:
    """Answers at once; belongs to the event loop, and asks another process from a thread."""

    executor: Executor
    read: Callable[[Path, Sequence[Asked]], list[Names | None]] = field(default=lambda *asked: ask(*asked))
    clock: Callable[[], float] = time.monotonic
    _known: dict[_Key, tuple[float, Names | None]] = field(default_factory=dict)
    _wanted: dict[_Key, Asked] = field(default_factory=dict)

    def has(self, module: str, name: str, file: Path, root: Path, *, begins: bool = False) -> bool | None:
        """Whether `module`, as `file` imports it, has `name`, or one that `begins` so.

        None while that is not known: it is read for the next time, and so is what has no such name and is old.
        """
        standard = module.partition(".")[0] in sys.stdlib_module_names
        key = _Key(root, root if standard else file.parent, module)
        when, names = self._known.get(key, (None, None))
        if names is not None and (name in names or (begins and any(one.startswith(name) for one in names))):
            return True
        if when is not None and (standard or self.clock() - when < _FRESH_SECONDS):
            return None if names is None else False
        self._want(key, (file, module))
        return None

    def _want(self, key: _Key, asked: Asked) -> None:
        if key in self._wanted:
            return
        self._wanted[key] = asked
        if len(self._wanted) == 1:
            self.executor.submit(self._read)

    def _read(self) -> None:
        """Read all that is wanted by now, one process for each root."""
        wanted = dict(self._wanted)
        for root in {key.root for key in wanted}:
            keys = [key for key in wanted if key.root == root]
            try:
                found = self.read(root, [wanted[key] for key in keys])
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                log.info("the names of modules in %s cannot be read: %s", root, error)
                found = [None] * len(keys)
            now = self.clock()
            self._known.update((key, (now, names)) for key, names in zip(keys, found, strict=True))
        for key in wanted:
            del self._wanted[key]
        while len(self._known) > _MOST_KEPT:
            del self._known[next(iter(self._known))]
        if self._wanted:
            self.executor.submit(self._read)


def ask(root: Path, asked: Sequence[Asked]) -> list[Names | None]:
    """Return the names of modules, in the order in which they are asked for; takes a second.

    Raises OSError, ValueError or subprocess.SubprocessError where the other process does not answer.
    """
    question = json.dumps({"root": str(root), "asked": [(str(file), module) for file, module in asked]})
    done = subprocess.run(
        (sys.executable, "-m", "ai_lsp.context.exports"),
        input=question.encode(),
        capture_output=True,
        timeout=_LONGEST_SECONDS,
        check=True,
        creationflags=priority.creation_flags(),
    )
    return [None if names is None else frozenset(names) for names in json.loads(done.stdout)]
