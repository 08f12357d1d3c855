"""Windows of an index by the terms in them, and the files that define names.

Each question is one row of one statement, with what it finds as JSON: the `sqlite3` module lets other threads have
the interpreter at every row, and gets it back after up to a millisecond where another one computes.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence, Sized
from functools import lru_cache
from typing import Any

from ai_lsp.index.hits import Candidates, Hit, Shown, Stamped
from ai_lsp.index.schema import CHUNK, DEFINITIONS, WINDOW, WINDOWS

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
_TEXTS = 128
"""Chunks whose text is kept: the next key finds most of the same ones."""


class Search:
    """Questions to one connection; remembers how many windows have a term. Raises `sqlite3.Error`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._counts: dict[str, int] = {}
        self._counted_of = 0

    def candidates(self, terms: Mapping[str, float], limit: int, shown: Shown | None) -> Candidates:
        """Return what `Index.candidates` says."""
        counts, total = self._count(terms)
        rarities = {term: math.log(1 + total / count) for term, count in counts.items()}  # the BM25 weight, about
        first, last = self._rows(shown)
        told = {term: terms[term] * rarity for term, rarity in rarities.items()}
        asked = self._telling(told, counts, total, first, last)
        return Candidates(self._hits(asked, limit, first, last), rarities)

    def _hits(self, asked: Mapping[str, float], limit: int, first: int, last: int) -> list[Hit]:
        """Return the windows with the greatest weight of `asked`, outside of the rows from `first` to `last`."""
        if not asked:
            return []
        each = "SELECT rowid AS window, ? AS weight FROM windows WHERE windows MATCH ?"
        query = (
            f"SELECT window, total(weight) AS weight FROM ({' UNION ALL '.join([each] * len(asked))}) "
            "WHERE window NOT BETWEEN ? AND ? GROUP BY window ORDER BY 2 DESC, 1 LIMIT ?"
        )
        values = [value for term, weight in asked.items() for value in (weight, _phrase(term))]
        found = self._table("window, weight", f"({query})", (*values, first, last, limit))
        return self._read(sorted(found, key=lambda one: (-one[1], one[0])))

    def places(self, names: Sequence[str], limit: int) -> dict[str, list[str]]:
        """Return what `Index.places` says."""
        each = (
            "(SELECT json_group_array(DISTINCT hex(path)) FROM (SELECT f.path AS path FROM definitions d "
            f"CROSS JOIN files f ON f.id = d.id / {DEFINITIONS} WHERE d.name = ? ORDER BY d.id LIMIT ?))"
        )
        if not names:
            return {}
        values = [value for name in names for value in (name, limit)]
        row = self.connection.execute(f"SELECT {', '.join([each] * len(names))}", values).fetchone()
        found = (sorted(readable(bytes.fromhex(path)) for path in json.loads(paths)) for paths in row)
        return dict(zip(names, found, strict=True))

    def _table(self, columns: str, source: str, values: Iterable[object]) -> list[list[Any]]:
        """Return what `source` has, in no order."""
        query = f"SELECT json_group_array(json_array({columns})) FROM {source}"
        (rows,) = self.connection.execute(query, tuple(values)).fetchone()
        table: list[list[Any]] = json.loads(rows)
        return table

    def _rows(self, shown: Shown | None) -> tuple[int, int]:
        """Return the first and last row of the windows that have a line of `shown`; an empty range for none."""
        row = None
        if shown is not None and shown.stop > shown.first:
            row = self.connection.execute("SELECT id FROM files WHERE path = ?", (stored(shown.path),)).fetchone()
        if shown is None or row is None:
            return 0, -1
        last = min((shown.stop - 1) // WINDOW, WINDOWS - 1)
        return row[0] * WINDOWS + shown.first // WINDOW, row[0] * WINDOWS + last

    def _telling(
        self, told: Mapping[str, float], counts: Mapping[str, int], total: int, first: int, last: int
    ) -> dict[str, float]:
        """Return the most telling terms that are outside of the rows from `first` to `last`, and their weights."""
        best = sorted(told, key=lambda one: told[one], reverse=True)
        own: dict[str, int] = {}
        asked: dict[str, float] = {}
        room = _MOST_WINDOWS
        for at, term in enumerate(best):
            if counts[term] > room and (asked or counts[term] * _COMMON > total):
                continue
            if term not in own:
                own |= self._own(best[at : at + 2 * _ASKED_FOR], first, last)
            if counts[term] > own[term]:
                asked[term] = told[term]
                room -= counts[term]
            if len(asked) == _ASKED_FOR:
                break
        return asked

    def _own(self, terms: list[str], first: int, last: int) -> dict[str, int]:
        """Return how many of the rows from `first` to `last` have each term."""
        if last < first:
            return dict.fromkeys(terms, 0)
        each = "(SELECT count(*) FROM windows WHERE windows MATCH ? AND rowid BETWEEN ? AND ?)"
        values = [value for term in terms for value in (_phrase(term), first, last)]
        row = self.connection.execute(f"SELECT {', '.join([each] * len(terms))}", values).fetchone()
        return dict(zip(terms, row, strict=True))

    def _count(self, terms: Iterable[str]) -> tuple[dict[str, int], int]:
        """Return in how many windows the terms are that are in any, and how many windows there are, about."""
        (total,) = self.connection.execute("SELECT value FROM meta WHERE key = 'windows'").fetchone()
        if total > self._counted_of * _GROWTH or len(self._counts) > _REMEMBERED:
            self._counts.clear()
            self._counted_of = total
        wanted = list(dict.fromkeys(terms))[:_TERMS]
        if new := [term for term in wanted if term not in self._counts]:
            known = self._table("term, doc", f"vocabulary WHERE term IN {_marks(new)}", new)
            self._counts |= dict.fromkeys(new, 0) | dict(known)
        return {term: self._counts[term] for term in wanted if self._counts[term]}, total

    def _read(self, found: list[list[Any]]) -> list[Hit]:
        """Return the windows of the rows in `found`, each with its weight, in their order."""
        numbers = sorted({row // WINDOWS for row, _ in found})
        files = self._table("id, hex(path), size, mtime_ns", f"files WHERE id IN {_marks(numbers)}", numbers)
        known = {number: Stamped(bytes.fromhex(path), *stamp) for number, path, *stamp in files}
        places = {row: _Lines(row) for row, _ in found if row // WINDOWS in known}
        chunks = sorted({chunk for place in places.values() for chunk in place.chunks})
        bodies = dict(self._table("id, hex(body)", f"texts WHERE id IN {_marks(chunks)}", chunks))
        hits = []
        for row, weight in found:
            if (place := places.get(row)) is not None:
                file = known[row // WINDOWS]
                before, text, after = place.cut(bodies)
                hits.append(Hit(readable(file.path), place.line, text, weight, before, after, file))
        return [hit for hit in hits if hit.text]


class _Lines:
    """The lines of a window's row, and those around it."""

    def __init__(self, row: int) -> None:
        number, at = divmod(row, WINDOWS)
        self.line = at * WINDOW
        self._start = max(0, self.line - WINDOW)
        self._first = self._start // CHUNK
        base = number * WINDOWS
        self.chunks = range(base + self._first, base + (self.line + 2 * WINDOW - 1) // CHUNK + 1)

    def cut(self, bodies: Mapping[int, str]) -> tuple[str, str, str]:
        r"""Return the lines before the window, its own, and those after it, each with its ``\n``."""
        text = "".join(_text(bodies[chunk]) for chunk in self.chunks if chunk in bodies)
        skipped = self._first * CHUNK
        lines = text.split("\n")[:-1][self._start - skipped : self.line + 2 * WINDOW - skipped]
        own = self.line - self._start
        parts = lines[:own], lines[own : own + WINDOW], lines[own + WINDOW :]
        before, text, after = ("".join(f"{line}\n" for line in part) for part in parts)
        return before, text, after


@lru_cache(_TEXTS)
def _text(body: str) -> str:
    return zlib.decompress(bytes.fromhex(body)).decode()


def _marks(values: Sized) -> str:
    return f"({', '.join('?' * len(values))})"


def _phrase(term: str) -> str:
    return f'"{term}"'


def readable(path: bytes) -> str:
    """Return a stored path for people and prompts."""
    return path.decode("utf-8", "replace")


def stored(path: str) -> bytes:
    """Return a path as the index has it."""
    return path.encode("utf-8", "surrogateescape" if os.name != "nt" else "replace")
