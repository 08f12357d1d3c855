"""The writing side of one index file."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ai_lsp.index.content import Content
from ai_lsp.index.database import Database
from ai_lsp.index.schema import CHUNK, DEFINITIONS, INDEX, WINDOW, WINDOWS
from ai_lsp.index.tokens import tokens

if TYPE_CHECKING:
    from ai_lsp.syntax.outline import Definition

_MERGED_PAGES = 2_000
"""Pages of the full-text index that are merged at a time."""
_RACY_NS = 2_000_000_000
"""A file that was read so soon after its last change may have changed again within the clock's step."""
_LONGEST_FIELD = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of one file."""

    id: int
    size: int
    mtime_ns: int
    sure: bool
    """Whether size and time tell a change; else the content must be looked at."""


class Store(Database):
    """One index file, open for writing."""

    def __init__(
        self, path: Path, *, limit_bytes: int = 0, busy_seconds: float = 10.0, replace: bool = True
    ) -> None:
        """Open or make the index at `path` as `Database` does."""
        super().__init__(path, INDEX, limit_bytes=limit_bytes, busy_seconds=busy_seconds, replace=replace)

    def commit(self) -> None:
        """End the transaction, if one is open."""
        if self._connection.in_transaction:
            count = f"SELECT CAST(total((lines + {WINDOW - 1}) / {WINDOW}) AS INTEGER) FROM files"
            self._connection.execute(f"REPLACE INTO meta VALUES('windows', ({count}))")
        super().commit()

    def known(self) -> dict[str, Known]:
        """Return all files by path."""
        rows = self._connection.execute("SELECT path, id, size, mtime_ns, seen_ns FROM files")
        return {os.fsdecode(path): _known(*rest) for path, *rest in rows}

    def find(self, path: str) -> Known | None:
        """Return what is known of one file."""
        rows = self._connection.execute(
            "SELECT id, size, mtime_ns, seen_ns FROM files WHERE path = ?", (os.fsencode(path),)
        )
        row = rows.fetchone()
        return None if row is None else _known(*row)

    def below(self, folder: str) -> list[str]:
        """Return the paths of all files in a folder."""
        start = os.fsencode(folder) + b"/"
        rows = self._connection.execute(
            "SELECT path FROM files WHERE path >= ? AND path < ?", (start, start[:-1] + b"0")
        )
        return [os.fsdecode(path) for (path,) in rows]

    def touch(self, known: Known, content: Content, seen_ns: int) -> bool:
        """Note new times of a file if its content is still the same; returns whether it is."""
        (digest,) = self._connection.execute("SELECT digest FROM files WHERE id = ?", (known.id,)).fetchone()
        if digest != content.digest:
            return False
        self._connection.execute(
            "UPDATE files SET size = ?, mtime_ns = ?, seen_ns = ? WHERE id = ?",
            (content.size, content.mtime_ns, seen_ns, known.id),
        )
        return True

    def put(self, path: str, content: Content, definitions: Sequence[Definition], seen_ns: int) -> None:
        """Index a file, in place of its earlier content if there is one. `seen_ns` is the time it was read."""
        lines = content.text.split("\n")[: WINDOWS * WINDOW] if content.text else []
        if lines and not lines[-1]:
            lines.pop()
        values = (os.fsencode(path), content.size, content.mtime_ns, seen_ns, content.digest, len(lines))
        known = self.find(path)
        if known is None:
            cursor = self._connection.execute(
                "INSERT INTO files(path, size, mtime_ns, seen_ns, digest, lines) VALUES(?, ?, ?, ?, ?, ?)", values
            )
            number, old = int(cursor.lastrowid or 0), {}
        else:
            number, old = known.id, self._windows(known.id)
            self._connection.execute(
                "REPLACE INTO files(path, size, mtime_ns, seen_ns, digest, lines, id) VALUES(?, ?, ?, ?, ?, ?, ?)",
                (*values, number),
            )
            self._drop_texts(number)
        self._put_windows(number, old, dict(enumerate(_windows_of(lines))))
        self._put_texts(number, lines)
        self._put_definitions(number, definitions)

    def remove(self, path: str) -> None:
        """Forget a file, if it is known."""
        known = self.find(path)
        if known is not None:
            self._put_windows(known.id, self._windows(known.id), {})
            self._drop_texts(known.id)
            self._connection.execute("DELETE FROM files WHERE id = ?", (known.id,))

    def merge(self) -> bool:
        """Merge some of the full-text index's parts; returns whether there is more to do."""
        before = self._connection.total_changes
        self._connection.execute("INSERT INTO windows(windows, rank) VALUES('merge', ?)", (-_MERGED_PAGES,))
        return self._connection.total_changes - before >= 2

    def _windows(self, number: int) -> dict[int, str]:
        """Return the terms of a file's windows as they were indexed."""
        first = number * WINDOWS
        rows = self._connection.execute(
            "SELECT body FROM texts WHERE id >= ? AND id < ? ORDER BY id", (first, first + WINDOWS)
        )
        text = "".join(zlib.decompress(body).decode() for (body,) in rows)
        return dict(enumerate(_windows_of(text.split("\n")[:-1])))

    def _put_windows(self, number: int, old: dict[int, str], new: dict[int, str]) -> None:
        """Bring the full-text index from `old` to `new`; a table without content must be told what goes."""
        gone = [(number * WINDOWS + at, terms) for at, terms in old.items() if terms and new.get(at) != terms]
        come = [(number * WINDOWS + at, terms) for at, terms in new.items() if terms and old.get(at) != terms]
        self._connection.executemany("INSERT INTO windows(windows, rowid, terms) VALUES('delete', ?, ?)", gone)
        self._connection.executemany("INSERT INTO windows(rowid, terms) VALUES(?, ?)", come)

    def _put_texts(self, number: int, lines: list[str]) -> None:
        chunks = ("".join(line + "\n" for line in lines[at : at + CHUNK]) for at in range(0, len(lines), CHUNK))
        self._connection.executemany(
            "INSERT INTO texts VALUES(?, ?)",
            [(number * WINDOWS + at, zlib.compress(_utf8(chunk), 6)) for at, chunk in enumerate(chunks)],
        )

    def _put_definitions(self, number: int, definitions: Sequence[Definition]) -> None:
        rows = [
            (number * DEFINITIONS + at, *map(_field, (one.name, one.kind)), one.line, one.end_line,
             *map(_field, (one.signature, one.doc, one.parent)))
            for at, one in enumerate(definitions[:DEFINITIONS])
        ]  # fmt: skip
        self._connection.executemany("INSERT INTO definitions VALUES(?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _drop_texts(self, number: int) -> None:
        for table, size in (("texts", WINDOWS), ("definitions", DEFINITIONS)):
            self._connection.execute(
                f"DELETE FROM {table} WHERE id >= ? AND id < ?", (number * size, (number + 1) * size)
            )


def _windows_of(lines: list[str]) -> Iterator[str]:
    """Yield the terms of each window, each once: full-text search only asks whether a window has a term."""
    for at in range(0, len(lines), WINDOW):
        yield " ".join(dict.fromkeys(tokens(_utf8("\n".join(lines[at : at + WINDOW])).decode())))


def _known(number: int, size: int, mtime_ns: int, seen_ns: int) -> Known:
    return Known(number, size, mtime_ns, mtime_ns + _RACY_NS <= seen_ns)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _field(value: str) -> str:
    return _utf8(value[:_LONGEST_FIELD]).decode()
