"""Brings an index file up to date with its folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ai_lsp.index.content import read
from ai_lsp.index.ignore import IGNORE_FILES, Ignore
from ai_lsp.index.settings import Settings
from ai_lsp.index.store import Store
from ai_lsp.index.walk import FoundFile, walk
from ai_lsp.syntax.languages import language_of

if TYPE_CHECKING:
    from ai_lsp.syntax.outline import Definition

Outline = Callable[[str, str], "Sequence[Definition]"]
"""From text and language id to definitions."""

_BATCH_SECONDS = 1.0
"""How long a transaction is open at most while there is more to do."""
_SHARED = 0.01
"""Seconds between two transactions in which another server's builder gets its turn."""


class Builder:
    """Reads files into a store. Raises what the store raises; what was done before stays done.

    `root` has no links in it.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        settings: Settings,
        outline: Outline,
        redact: Callable[[str], str],
        clock: Callable[[], float] = time.monotonic,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """`redact` puts placeholders in the place of secrets, and keeps lines where they are."""
        self._root = root
        self._store = store
        self._settings = settings
        self._outline = outline
        self._redact = redact
        self._clock = clock
        self._now_ns = now_ns
        self._began = 0.0

    def scan(self) -> Iterator[tuple[int, int, bool]]:
        """Index what is new or has changed and forget what is gone; a generator that does one file a step.

        Yields how many files were looked at, how many there are, and whether some of all were left out by a limit.
        The transaction is open between steps. Raises OSError when the root cannot be listed; nothing is forgotten
        then.
        """
        ignore = self._ignore()
        found, limited = self._within(walk(self._root, ignore, self._settings.file_bytes))
        known = self._store.known()
        yield 0, len(found), limited
        for done, file in enumerate(found, 1):
            old = known.pop(file.path, None)
            if old is None or not old.sure or (old.size, old.mtime_ns) != (file.size, file.mtime_ns):
                self._take_turns()
                self._file(file.path)
            yield done, len(found), limited
        for path in known:
            self._take_turns()
            self._store.begin()
            if limited:
                self._store.remove(path)
            else:
                self._file(path)
        self._store.begin()
        self._store.complete(True)
        self._store.commit()

    def tidy(self) -> Iterator[None]:
        """Merge the full-text index's parts, which makes it smaller and faster; one step at a time."""
        while self._store.merge():
            yield
        self._store.shrink()

    def update(self, paths: Iterable[str]) -> bool:
        """Look again at files and folders that may have come, changed or gone.

        Paths are absolute; those outside of the root are passed over. Returns whether an ignore file was among
        them, so that all must be looked at.
        """
        ignore = self._ignore()
        names = [name for path in paths if (name := self._name(path))]
        for name in dict.fromkeys(names):
            for file in self._below(name, ignore):
                self._take_turns()
                self._file(file)
        self._store.commit()
        return any(name.rpartition("/")[2] in IGNORE_FILES for name in names)

    def _below(self, name: str, ignore: Ignore) -> Iterator[str]:
        """Yield what is to be looked at because of `name`: itself or, for a folder, all that is or was in it."""
        path = self._root / name
        was = self._store.below(name)
        if path.is_dir() and self._is_inside(path):
            kept = _all_folders_kept(ignore, name)
            files = walk(self._root, ignore, self._settings.file_bytes, below=name) if kept else ()
            yield from dict.fromkeys([*(file.path for file in files), *was])
        else:
            yield from (name, *was)

    def _file(self, name: str) -> None:
        """Bring one file up to date, whether it is there, new, changed or gone."""
        path = self._root / name
        kept = self._ignore_now.keeps_file(name) and self._is_inside(path)
        seen_ns = self._now_ns()
        content = read(path, self._settings.file_bytes) if kept else None
        self._store.begin()
        if content is None or not content.size:
            self._store.remove(name)
            return
        known = self._store.find(name)
        if known is None or not self._store.touch(known, content, seen_ns):
            content = replace(content, text=self._without_secrets(content.text))
            definitions = self._outline(content.text, language_of(path)) if content.text else ()
            self._store.put(name, content, definitions, seen_ns)

    def _is_inside(self, path: Path) -> bool:
        """Whether no link is on the way from the root to `path`."""
        return os.path.realpath(path) == os.fspath(path)

    def _without_secrets(self, text: str) -> str:
        """Return `text` with placeholders; nothing of one in which lines went, as those of a private key do."""
        redacted = self._redact(text)
        return redacted if redacted.count("\n") == text.count("\n") else ""

    def _ignore(self) -> Ignore:
        """Return what ignore files say now."""
        self._ignore_now = Ignore(self._root, self._settings.exclude, self._settings.never)
        return self._ignore_now

    def _within(self, files: Iterator[FoundFile]) -> tuple[list[FoundFile], bool]:
        """Return as many files as the limits allow, and whether there are more."""
        found: list[FoundFile] = []
        room = self._settings.text_bytes
        for file in islice(files, self._settings.files):
            room -= file.size
            if room < 0:
                return found, True
            found.append(file)
        return found, next(files, None) is not None

    def _take_turns(self) -> None:
        """Let others write now and then, and readers see what was done."""
        now = self._clock()
        if now - self._began > _BATCH_SECONDS:
            self._store.commit()
            time.sleep(_SHARED)
            self._began = self._clock()

    def _name(self, path: str) -> str | None:
        try:
            relative = Path(os.path.normpath(path)).relative_to(self._root)
        except ValueError:
            return None
        return relative.as_posix() if relative.parts else None


def _all_folders_kept(ignore: Ignore, name: str) -> bool:
    parts = name.split("/")
    return all(ignore.keeps("/".join(parts[:count]), folder=True) for count in range(1, len(parts) + 1))
