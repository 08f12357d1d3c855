"""The reading side of one index file."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ai_lsp.index import schema
from ai_lsp.index.hits import Candidates, Hit, IndexedDefinition, Shown
from ai_lsp.index.schema import DEFINITIONS
from ai_lsp.index.search import Search, readable, stored
from ai_lsp.syntax.languages import language_of

log = logging.getLogger(__name__)
T = TypeVar("T")

_BUSY_SECONDS = 0.02
_CACHE_KB = 2000
"""Of the file's pages. Mapped instead, all that was ever looked at would count as the server's memory."""
_SAMPLE = 1000
_RARE = 50
"""A language is rare that fewer than one file of so many is of."""
_COLUMNS = "d.name, d.kind, d.line, d.end_line, d.signature, d.doc, d.parent"


class Index:
    """Reads one root's index; any thread may, one at a time.

    No method raises: an index that is not there, locked, damaged or being built anew has no answers.
    """

    def __init__(self, root: Path, path: Path, on_stale: Callable[[Path], None] = lambda _path: None) -> None:
        """`on_stale` is told, in the asking thread, of files that have changed since they were indexed."""
        self._root = root
        self._path = path
        self._on_stale = on_stale
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._search: Search | None = None

    @classmethod
    def open(
        cls, root: Path, folder: Path | None = None, on_stale: Callable[[Path], None] = lambda _path: None
    ) -> Index:
        """Return the index of `root` that is kept in `folder`, by default the user's cache."""
        return cls(root, schema.path_for(root, folder), on_stale)

    def close(self) -> None:
        """Close the file; the next question opens it again."""
        with self._lock:
            self._disconnect()

    def similar(self, terms: Mapping[str, float], limit: int, shown: Shown | None = None) -> list[Hit]:
        """Return the windows that share the most telling of `terms`, the best first.

        `terms` come with what they weigh. A window counts the weight times the rarity of each that it has: BM25 of
        windows of one size, in which a term is or is not (how often it is says little in 16 lines). None of the
        windows has a line of `shown`, nor is of a file that has changed since it was indexed.
        """
        return [hit for hit in self.candidates(terms, limit, shown).hits if self.is_current(hit)]

    def candidates(self, terms: Mapping[str, float], limit: int, shown: Shown | None = None) -> Candidates:
        """Return the same windows without a look at the files, which takes a while; `is_current` has that."""
        return self._ask(lambda search: search.candidates(terms, limit, shown), Candidates())

    def is_current(self, hit: Hit) -> bool:
        """Whether the file is what was indexed; one that is not is reported."""
        path = self._root / os.fsdecode(hit.file.path)
        try:
            status = path.stat()
            if (status.st_size, status.st_mtime_ns) == (hit.file.size, hit.file.mtime_ns):
                return True
        except OSError:
            pass
        self._on_stale(path)
        return False

    def places(self, names: Sequence[str], limit: int = 50) -> dict[str, list[str]]:
        """Return the paths of the files that define each of the names, of its first `limit` definitions."""
        return self._ask(lambda search: search.places(names, limit), {})

    def definitions(self, name: str, *, prefix: bool = False, limit: int = 50) -> list[IndexedDefinition]:
        """Return what is called `name`, or starts with it, anywhere in the repository."""
        last = name + "\U0010ffff" if prefix else name
        tables = f"definitions d CROSS JOIN files f ON f.id = d.id / {DEFINITIONS}"
        return self._definitions(
            f"{tables} WHERE d.name BETWEEN ? AND ? ORDER BY d.name, d.id LIMIT ?", (name, last, limit)
        )

    def definitions_in(self, path: str) -> list[IndexedDefinition]:
        """Return what a file defines, in its order; `path` is relative to the root, with ``/``."""
        between = f"d.id BETWEEN f.id * {DEFINITIONS} AND f.id * {DEFINITIONS} + {DEFINITIONS - 1}"
        tables = f"files f CROSS JOIN definitions d ON {between}"
        return self._definitions(f"{tables} WHERE f.path = ? ORDER BY d.id", (stored(path),))

    def languages(self) -> list[str]:
        """Return the LSP language ids of the files, the most frequent first, as a sample of some 1,000 has them.

        Those of less than a fiftieth are left out.
        """

        def count(search: Search) -> Counter[str]:
            rows = search.connection.execute(
                f"SELECT path FROM files WHERE id % (1 + (SELECT max(id) FROM files) / {_SAMPLE}) = 0"
            )
            return Counter(language_of(Path(readable(path))) for (path,) in rows)

        found = self._ask(count, Counter[str]())
        return [language for language, count in found.most_common() if count * _RARE >= found.total()]

    def _definitions(self, source: str, values: tuple[object, ...]) -> list[IndexedDefinition]:
        def ask(search: Search) -> list[IndexedDefinition]:
            rows = search.connection.execute(f"SELECT f.path, {_COLUMNS} FROM {source}", values)
            return [IndexedDefinition(readable(path), *rest) for path, *rest in rows]

        return self._ask(ask, [])

    def _ask(self, question: Callable[[Search], T], otherwise: T) -> T:
        with self._lock:
            try:
                self._connect()
                return otherwise if self._search is None else question(self._search)
            except (sqlite3.Error, OSError, ValueError, zlib.error) as error:
                log.debug("no answer from %s: %s", self._path, error)
                self._disconnect()
                return otherwise

    def _connect(self) -> None:
        """Open the file if it is there, and anew when it was replaced."""
        status = os.stat(self._path)  # noqa: PTH116 - for every question
        identity = (status.st_dev, status.st_ino)
        if self._search is not None and identity == self._identity:
            return
        self._disconnect()
        connection = self._connection = schema.connect(self._path, busy_seconds=_BUSY_SECONDS)
        connection.execute("PRAGMA query_only=1")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        if schema.is_current(connection):
            self._search = Search(connection)
        else:
            self._disconnect()
        self._identity = identity

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = self._search = self._identity = None
