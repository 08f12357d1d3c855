"""Which files modules stand for, remembered for a while: one import is a dozen looks at the disk."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from ai_lsp.context.definitions.modules import Importer, files_of, siblings

_SECONDS = 5.0
"""How long an answer holds. A file that went is noticed when it is read, a new one this much later."""
_KEPT = 4096

_Key = tuple[str, str, Importer, bool]


class Resolutions:
    """Answers that hold for a while, the oldest first to go. May be used from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, tuple[float, Sequence[Path]]] = OrderedDict()

    def files_of(self, language: str, module: str, importer: Importer) -> Sequence[Path]:
        """Return the files that `module` stands for, as `modules.files_of` does."""
        return self._get((language, module, importer, False), files_of)

    def siblings(self, language: str, name: str, importer: Importer) -> Sequence[Path]:
        """Return the files of the same package that may define `name`, as `modules.siblings` does."""
        return self._get((language, name, importer, True), siblings)

    def _get(self, key: _Key, find: Callable[[str, str, Importer], Sequence[Path]]) -> Sequence[Path]:
        now = self._clock()
        with self._lock:
            expires, paths = self._kept.get(key, (now, ()))
        if expires > now:
            return paths
        paths = find(*key[:3])
        with self._lock:
            self._kept[key] = now + _SECONDS, paths
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return paths
