"""Brings a licence index up to date with the packages of a workspace."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ai_lsp.index.content import decode, read
from ai_lsp.index.walk import FoundFile, walk
from ai_lsp.licences import table
from ai_lsp.licences.evidence import Evidence, Owner, own_names
from ai_lsp.licences.policy import Policy
from ai_lsp.licences.recognise import by_header, first
from ai_lsp.licences.settings import Settings
from ai_lsp.licences.store import Entry, Store
from ai_lsp.licences.tokens import Tokens, tokens
from ai_lsp.licences.trees import Wanted, is_code, name_of, trees
from ai_lsp.licences.winnow import GRAM
from ai_lsp.syntax.languages import language_of

_BATCH_SECONDS = 1.0
"""How long a transaction is open at most while there is more to do."""
_HEAD_BYTES = 4_096
"""In which a file names its licence if it does."""
_TOKEN_BYTES = 8
"""What a token costs on disk, in both files together."""


@dataclass(frozen=True)
class _Found:
    """A file with code, where it lies, and whose it is."""

    path: Path
    file: FoundFile
    owner: Owner


class Builder:
    """Reads packages into a store, and makes the server's table of it. Raises what the store raises."""

    def __init__(
        self,
        root: Path,
        store: Store,
        settings: Settings,
        table_path: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`root` is a workspace's folder; `table_path` is where tables lie, see `table.write`."""
        self._root, self._store, self._settings = root, store, settings
        self._table_path = table_path
        self._policy = Policy(settings.allowed)
        self._clock = clock
        self._began = clock()
        self._room = settings.index_bytes

    def scan(self) -> Iterator[tuple[int, int, bool]]:
        """Look at what is new or has changed and forget what is gone; a generator that does one file a step.

        Yields how many files were looked at, how many there are, and whether some were left out by a limit.
        """
        own = own_names(self._root)
        everything = (found for tree in trees(self._root, self._settings.folders) for found in _files(tree))
        code = (found for found in everything if name_of(found.owner.package) not in own)
        files = list(islice(code, self._settings.files))
        limited = next(code, None) is not None
        known = self._store.known()
        yield 0, len(files), limited
        for done, found in enumerate(files, 1):
            self._take_turns()
            limited |= not self._file(found, known.pop(str(found.path), None))
            yield done, len(files), limited
        self._store.begin()
        for path in known:
            self._store.remove(path)
        self._store.complete(True)
        self._store.commit()

    def tidy(self) -> Iterator[None]:
        """Write the table that the server reads, unless it is that of the files already."""
        generation = self._store.generation()
        if table.newest(self._table_path) != generation:
            try:
                table.write(self._table_path, generation, self._store.coded())
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from error
            yield
        self._store.shrink()

    def update(self, paths: Iterable[str]) -> bool:
        """Have everything looked at when anything has changed: one file of a package seldom changes alone."""
        return any(True for _ in paths)

    def _file(self, found: _Found, known: Entry | None) -> bool:
        """Bring one file up to date; returns False where there is no room for it."""
        same = known is not None and (known.size, known.mtime_ns) == (found.file.size, found.file.mtime_ns)
        header = known.header if known is not None and same else _header(found.path)
        licence = first(header, found.owner.licence)
        allowed = self._policy.allows(licence)
        package = found.owner.package
        if known is not None and same and (known.licence, known.package) == (licence, package):
            if allowed and not known.lines:
                return True
            if not allowed and known.lines:
                return self._has_room(found.file.size)
        code = None if allowed else self._code(found)
        has_room = code is None or self._has_room(found.file.size)
        kept = code if has_room else None
        lines = 0 if kept is None else len(set(kept.lines.tolist()))
        entry = Entry(
            str(found.path), found.file.size, found.file.mtime_ns, header, licence, package, lines
        )  # fmt: skip
        self._store.begin()
        self._store.put(entry, kept)
        return has_room

    def _code(self, found: _Found) -> Tokens | None:
        """Return the tokens of a file, None for one with too few to be found again."""
        content = read(found.path, self._settings.file_bytes)
        if content is None:
            return None
        code = tokens(content.text, language_of(found.path))
        return code if len(code.codes) >= GRAM else None

    def _has_room(self, size: int) -> bool:
        self._room -= size // 3 * _TOKEN_BYTES
        return self._room >= 0

    def _take_turns(self) -> None:
        """Let others write now and then."""
        if self._clock() - self._began > _BATCH_SECONDS:
            self._store.commit()
            self._began = self._clock()


def _files(tree: Path) -> Iterator[_Found]:
    """Yield the files with code in one folder of packages."""
    try:
        found = list(walk(tree, Wanted(), 1 << 30))
    except OSError:
        return
    evidence = Evidence(tree, [file.path for file in found])
    for file in found:
        if is_code(file.path):
            yield _Found(tree / file.path, file, evidence.of(file.path))


def _header(path: Path) -> str:
    """Return the licence that a file itself names."""
    try:
        with path.open("rb") as file:
            return by_header(decode(file.read(_HEAD_BYTES)))
    except OSError:
        return ""
