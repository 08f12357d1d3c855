"""The reading side of one index file."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from ai_lsp.index import schema
from ai_lsp.index.hits import Hit, IndexedDefinition, Shown
from ai_lsp.index.schema import CHUNK, DEFINITIONS, WINDOW, WINDOWS

log = logging.getLogger(__name__)
T = TypeVar("T")

_ASKED_FOR = 8
"""Terms of one query. Each costs all windows that have it, and the common ones add nothing: the windows that were
found with 6, 8 and 12 terms had the line that was wanted equally often."""
_MOST_WINDOWS = 6_000
"""Windows that the terms of one query may have together, beyond the first term."""
_COMMON = 8
"""A term that more than one window in so many has is not asked for, even if it is the only one."""
_TERMS = 200
_REMEMBERED = 50_000
_GROWTH = 1.2
"""Counts of windows are remembered until the index has grown so much."""
_BUSY_SECONDS = 0.02
_COLUMNS = "d.name, d.kind, d.line, d.end_line, d.signature, d.doc, d.parent"


def rarity(count: int, total: int) -> float:
    """Return how telling a term is that `count` of `total` windows have."""
    return math.log(1 + total / count)


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
        self._counts: dict[str, int] = {}
        self._counted_of = 0

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
        return self._ask(lambda connection: self._similar(connection, terms, limit, shown), [])

    def rarities(self, terms: Iterable[str]) -> dict[str, float]:
        """Return how telling the terms are that are in the index at all: their BM25 weight, about."""

        def ask(connection: sqlite3.Connection) -> dict[str, float]:
            counts, total = self._count(connection, terms)
            return {term: rarity(count, total) for term, count in counts.items()}

        return self._ask(ask, {})

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
        return self._definitions(f"{tables} WHERE f.path = ? ORDER BY d.id", (_stored(path),))

    def _definitions(self, source: str, values: tuple[object, ...]) -> list[IndexedDefinition]:
        def ask(connection: sqlite3.Connection) -> list[IndexedDefinition]:
            rows = connection.execute(f"SELECT f.path, {_COLUMNS} FROM {source}", values)
            return [IndexedDefinition(_readable(path), *rest) for path, *rest in rows]

        return self._ask(ask, [])

    def _ask(self, question: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        with self._lock:
            try:
                self._connect()
                return otherwise if self._connection is None else question(self._connection)
            except (sqlite3.Error, OSError, ValueError, zlib.error) as error:
                log.debug("no answer from %s: %s", self._path, error)
                self._disconnect()
                return otherwise

    def _connect(self) -> None:
        """Open the file if it is there, and anew when it was replaced."""
        status = os.stat(self._path)  # noqa: PTH116 - for every question
        identity = (status.st_dev, status.st_ino)
        if self._connection is not None and identity == self._identity:
            return
        self._disconnect()
        connection = schema.connect(self._path, busy_seconds=_BUSY_SECONDS)
        self._connection = connection
        connection.execute("PRAGMA query_only=1")
        connection.execute("PRAGMA cache_size=-8000")
        connection.execute("PRAGMA mmap_size=268435456")
        if not schema.is_current(connection):
            self._disconnect()
        self._identity = identity

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        self._identity = None
        self._counts.clear()
        self._counted_of = 0

    def _similar(
        self, connection: sqlite3.Connection, terms: Mapping[str, float], limit: int, shown: Shown | None
    ) -> list[Hit]:
        first, last = _rows(connection, shown)
        asked = self._telling(connection, terms, first, last)
        if not asked:
            return []
        each = "SELECT rowid AS window, ? AS weight FROM windows WHERE windows MATCH ?"
        query = (
            f"SELECT window, total(weight) FROM ({' UNION ALL '.join([each] * len(asked))}) "
            "WHERE window NOT BETWEEN ? AND ? GROUP BY window ORDER BY 2 DESC, 1 LIMIT ?"
        )
        values = [value for term, weight in asked.items() for value in (weight, f'"{term}"')]
        rows = connection.execute(query, (*values, first, last, limit)).fetchall()
        fresh: dict[int, str | None] = {}
        return [hit for row, weight in rows if (hit := self._hit(connection, row, weight, fresh)) is not None]

    def _telling(
        self, connection: sqlite3.Connection, terms: Mapping[str, float], first: int, last: int
    ) -> dict[str, float]:
        """Return the most telling terms that are outside of the rows from `first` to `last`, and their weights."""
        counts, total = self._count(connection, terms)
        asked: dict[str, float] = {}
        told = {term: terms[term] * rarity(count, total) for term, count in counts.items()}
        room = _MOST_WINDOWS
        for term in sorted(told, key=lambda one: told[one], reverse=True):
            if counts[term] > room and (asked or counts[term] * _COMMON > total):
                continue
            query = "SELECT count(*) FROM windows WHERE windows MATCH ? AND rowid BETWEEN ? AND ?"
            own = connection.execute(query, (f'"{term}"', first, last)).fetchone()[0] if last >= first else 0
            if counts[term] > own:
                asked[term] = told[term]
                room -= counts[term]
            if len(asked) == _ASKED_FOR:
                break
        return asked

    def _count(self, connection: sqlite3.Connection, terms: Iterable[str]) -> tuple[dict[str, int], int]:
        """Return in how many windows the terms are that are in any, and how many windows there are, about."""
        (total,) = connection.execute("SELECT value FROM meta WHERE key = 'windows'").fetchone()
        if total > self._counted_of * _GROWTH or len(self._counts) > _REMEMBERED:
            self._counts.clear()
            self._counted_of = total
        counts: dict[str, int] = {}
        for term in list(dict.fromkeys(terms))[:_TERMS]:
            if term not in self._counts:
                row = connection.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
                self._counts[term] = 0 if row is None else row[0]
            if self._counts[term]:
                counts[term] = self._counts[term]
        return counts, total

    def _hit(
        self, connection: sqlite3.Connection, row: int, score: float, fresh: dict[int, str | None]
    ) -> Hit | None:
        number, at = divmod(row, WINDOWS)
        if number not in fresh:
            fresh[number] = self._fresh(connection, number)
        path = fresh[number]
        if path is None:
            return None
        line = at * WINDOW
        start = max(0, line - WINDOW)
        lines = _lines(connection, number, start, line + 2 * WINDOW)
        before, text, after = (
            "".join(lines[max(0, one - start) : max(0, one - start + WINDOW)]) if one >= 0 else ""
            for one in (line - WINDOW, line, line + WINDOW)
        )
        return Hit(path, line, text, score, before, after) if text else None

    def _fresh(self, connection: sqlite3.Connection, number: int) -> str | None:
        """Return the path of a file; None when the file is no longer what was indexed."""
        row = connection.execute("SELECT path, size, mtime_ns FROM files WHERE id = ?", (number,)).fetchone()
        if row is None:
            return None
        path, size, mtime_ns = row
        file = self._root / os.fsdecode(path)
        try:
            status = file.stat()
            if (status.st_size, status.st_mtime_ns) == (size, mtime_ns):
                return _readable(path)
        except OSError:
            pass
        self._on_stale(file)
        return None


def _rows(connection: sqlite3.Connection, shown: Shown | None) -> tuple[int, int]:
    """Return the first and last row of the windows that have a line of `shown`; an empty range for none."""
    row = None
    if shown is not None and shown.stop > shown.first:
        row = connection.execute("SELECT id FROM files WHERE path = ?", (_stored(shown.path),)).fetchone()
    if shown is None or row is None:
        return 0, -1
    return row[0] * WINDOWS + shown.first // WINDOW, row[0] * WINDOWS + min(
        (shown.stop - 1) // WINDOW, WINDOWS - 1
    )


def _lines(connection: sqlite3.Connection, number: int, first: int, stop: int) -> list[str]:
    r"""Return the lines of a file from `first` up to `stop`, each with its ``\n``."""
    base = number * WINDOWS
    chunk = first // CHUNK
    rows = connection.execute(
        "SELECT body FROM texts WHERE id BETWEEN ? AND ? ORDER BY id", (base + chunk, base + (stop - 1) // CHUNK)
    )
    text = "".join(zlib.decompress(body).decode() for (body,) in rows)
    lines = text.split("\n")[:-1]
    return [line + "\n" for line in lines[first - chunk * CHUNK : stop - chunk * CHUNK]]


def _readable(path: bytes) -> str:
    return path.decode("utf-8", "replace")


def _stored(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape" if os.name != "nt" else "replace")
