"""What was found out about each file, and the code of those that may not be copied; the builder's side."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ai_lsp.index.database import Database
from ai_lsp.index.schema import Schema
from ai_lsp.licences.tokens import Tokens

_SCHEMA = Schema(
    application=0x41694C4C,
    version=1,
    tables="""
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files(
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER, mtime_ns INTEGER, header TEXT, licence TEXT,
    package TEXT, lines INTEGER, codes BLOB, places BLOB);
INSERT INTO meta VALUES('complete', 0), ('generation', abs(random()) % 1000000000);
""",
)


@dataclass(frozen=True)
class Entry:
    """One file."""

    path: str
    size: int
    mtime_ns: int
    header: str
    """The licence that the file itself names; empty where it names none."""
    licence: str
    package: str
    lines: int
    """Lines with code, of a file that may not be copied; 0 where it may."""


class Store(Database):
    """The licence index as it is written. The server reads the `Table` that is made of it."""

    def __init__(self, path: Path, *, busy_seconds: float = 10.0, replace: bool = True) -> None:
        """Open or make the file at `path` as `Database` does."""
        super().__init__(path, _SCHEMA, busy_seconds=busy_seconds, replace=replace)

    def known(self) -> dict[str, Entry]:
        """Return all files by path."""
        rows = self._connection.execute("SELECT path, size, mtime_ns, header, licence, package, lines FROM files")
        return {os.fsdecode(path): Entry(os.fsdecode(path), *rest) for path, *rest in rows}

    def put(self, entry: Entry, code: Tokens | None = None) -> None:
        """Take up a file in place of what was known of it, with its code if it may not be copied."""
        self.remove(entry.path)
        codes, places = (
            (None, None) if code is None else (_pack(code.codes), _pack(np.diff(code.lines, prepend=0)))
        )
        values = (entry.size, entry.mtime_ns, entry.header, entry.licence, entry.package, entry.lines)
        self._connection.execute(
            "INSERT INTO files(path, size, mtime_ns, header, licence, package, lines, codes, places)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (os.fsencode(entry.path), *values, codes, places),
        )
        self._count(code is not None)

    def remove(self, path: str) -> None:
        """Forget a file, if it is known."""
        where = (os.fsencode(path),)
        kept = self._connection.execute(
            "SELECT 1 FROM files WHERE path = ? AND codes IS NOT NULL", where
        ).fetchone()
        self._connection.execute("DELETE FROM files WHERE path = ?", where)
        self._count(kept is not None)

    def coded(self) -> Iterator[tuple[Entry, Tokens]]:
        """Yield the files that may not be copied, in a fixed order."""
        rows = self._connection.execute(
            "SELECT path, size, mtime_ns, header, licence, package, lines, codes, places FROM files"
            " WHERE codes IS NOT NULL ORDER BY path"
        )
        for path, *rest, codes, places in rows:
            lines = np.cumsum(_unpack(places), dtype=np.uint32)
            yield Entry(os.fsdecode(path), *rest), Tokens(_unpack(codes), lines)

    def generation(self) -> int:
        """Return a number that is another one whenever files that may not be copied came, changed or went."""
        return int(self._connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])

    def licences(self) -> list[tuple[str, int, int]]:
        """Return each licence, how many files have it, and how many of these have fingerprints."""
        rows = self._connection.execute(
            "SELECT licence, count(*), total(lines > 0) FROM files GROUP BY licence ORDER BY 3 DESC, 2 DESC, 1"
        )
        return [(licence, files, int(kept)) for licence, files, kept in rows]

    def _count(self, changed: bool) -> None:
        if changed:
            self._connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def _pack(numbers: np.ndarray) -> bytes:
    return zlib.compress(numbers.astype("<u4").tobytes(), 1)


def _unpack(data: bytes) -> np.ndarray:
    return np.frombuffer(zlib.decompress(data), "<u4")
