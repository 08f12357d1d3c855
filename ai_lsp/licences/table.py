"""The code that may not be copied, as one file that the server maps into its memory.

The file is never changed: another one is written beside it, and the older ones are deleted.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ai_lsp.licences.trees import name_of
from ai_lsp.licences.winnow import hashes, winnow

if TYPE_CHECKING:
    from ai_lsp.licences.store import Entry
    from ai_lsp.licences.tokens import Tokens

Numbers = NDArray[np.uint32]

_MAGIC = b"ai-lsp licences 1\n"
_ARRAYS = ("codes", "firsts", "numbers", "prints", "places")
_COMMON_PACKAGES = 4
"""What so many packages have is an idiom, and nobody's."""
_MOST_PLACES = 16
"""Places of one fingerprint that are kept; code that is repeated more often is found at any of them."""
_MOST_DIAGONALS = 32
"""Places of the table that one text is compared with, those with most fingerprints in common first."""


@dataclass(frozen=True)
class Source:
    """A file that may not be copied."""

    path: str
    package: str
    licence: str


@dataclass(frozen=True)
class Run:
    """What a text has in common with one file."""

    source: Source
    line: int
    """Zero-based line of the file in which it begins."""
    lines: int
    """Lines with code that are whole in it."""
    tokens: int
    words: int
    """Different words in it."""
    begin: int
    """The first of the text's tokens that belongs to it."""
    end: int
    """The one after the last."""


class Table:
    """One such file, opened. Any thread may ask. Nothing is raised for what is in the file."""

    def __init__(self, path: Path) -> None:
        """Raises OSError or ValueError for a file that is no table."""
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        begin = len(_MAGIC) + 8
        if len(self._map) < begin or self._map[: len(_MAGIC)] != _MAGIC:
            raise ValueError(f"{path} is no table of licences")
        length = int.from_bytes(self._map[len(_MAGIC) : begin], "little")
        head = json.loads(self._map[begin : begin + length])
        self.sources = [Source(*one) for one in head["sources"]]
        self._starts = np.array(head["starts"], np.uint32)
        at = _aligned(begin + length)
        arrays: dict[str, Numbers] = {}
        for name, count in zip(_ARRAYS, head["counts"], strict=True):
            arrays[name] = np.frombuffer(self._map, "<u4", count, at)
            at += count * 4
        self._codes, self._firsts, self._numbers = arrays["codes"], arrays["firsts"], arrays["numbers"]
        self._prints, self._places = arrays["prints"], arrays["places"]

    @property
    def n_bytes(self) -> int:
        """How large the file is."""
        return len(self._map)

    def runs(self, codes: Numbers, start: int, shortest: int, most: int = _MOST_DIAGONALS) -> Iterator[Run]:
        """Yield what a row of tokens has in common with the files, the longest first.

        A run has `shortest` tokens at least and ends after the first `start` tokens. The row is held against the
        `most` likeliest places, those with most fingerprints in common.
        """
        diagonals = self._diagonals(codes)[:most]
        columns = np.arange(len(codes))
        for part in np.array_split(diagonals, -(-len(diagonals) // _MOST_DIAGONALS) or 1):
            at = part[:, None] + columns
            inside = (at >= 0) & (at < len(self._codes))
            same = inside & (self._codes[np.where(inside, at, 0)] == codes)
            edges = np.diff(np.pad(same, ((0, 0), (1, 1))).astype(np.int8), axis=1)
            rows, begins = np.nonzero(edges == 1)
            ends = np.nonzero(edges == -1)[1]
            chosen = np.flatnonzero((ends - begins >= shortest) & (ends > start))
            for one in chosen[np.argsort(begins[chosen] - ends[chosen], kind="stable")].tolist():
                yield from self._within_files(codes, int(begins[one]), int(ends[one]), int(part[rows[one]]))

    def _diagonals(self, codes: Numbers) -> NDArray[np.int64]:
        """Return at which of the files' tokens the row's first would lie, the likeliest first."""
        found = hashes(codes)
        left = np.searchsorted(self._prints, found, "left")
        right = np.searchsorted(self._prints, found, "right")
        hits = np.flatnonzero(right > left).tolist()
        if not hits:
            return np.zeros(0, np.int64)
        pairs = [self._places[left[at] : right[at]].astype(np.int64) - at for at in hits]
        diagonals, counts = np.unique(np.concatenate(pairs), return_counts=True)
        ordered: NDArray[np.int64] = diagonals[np.argsort(-counts, kind="stable")]
        return ordered

    def _within_files(self, codes: Numbers, begin: int, end: int, diagonal: int) -> Iterator[Run]:
        """Cut a run where one file ends and the next begins."""
        first = _place(self._starts, begin + diagonal, "right") - 1
        while begin < end:
            stop = int(self._starts[first + 1]) - diagonal if first + 1 < len(self._starts) else end
            yield self._run(codes, begin, min(end, stop), diagonal, self.sources[first])
            begin, first = stop, first + 1

    def _run(self, codes: Numbers, begin: int, end: int, diagonal: int, source: Source) -> Run:
        here, there = begin + diagonal, end + diagonal
        line = _place(self._firsts, here, "left")
        after = _place(self._firsts, there, "right")
        whole = after - line - (there < len(self._codes))
        number = int(self._numbers[max(0, _place(self._firsts, here, "right") - 1)])
        words = len(np.unique(codes[begin:end][codes[begin:end] % 2 == 1]))
        return Run(source, number, max(0, whole), end - begin, words, begin, end)


def _place(numbers: Numbers, value: int, side: Literal["left", "right"]) -> int:
    """Return where `value` would be put; a number of another type would have numpy convert all of `numbers`."""
    return int(numbers.searchsorted(np.uint32(value), side))


def newest(path: Path) -> int:
    """Return the generation of the newest table at `path`, -1 where there is none."""
    table = newest_path(path)
    return int(table.suffixes[-2][1:]) if table is not None else -1


def newest_path(path: Path) -> Path | None:
    """Return the newest table of the index whose SQLite file is `path`."""
    found = [(file.stat().st_mtime_ns, file) for file in path.parent.glob(f"{path.stem}.*.table")]
    return max(found)[1] if found else None


def write(path: Path, generation: int, entries: Iterable[tuple[Entry, Tokens]]) -> None:
    """Make the table of an index whose SQLite file is `path`, and delete the older ones. Raises OSError."""
    table = path.with_name(f"{path.stem}.{generation}.table")
    part = table.with_suffix(".part")
    try:
        with part.open("wb") as file:
            for piece in _pieces(entries):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        part.replace(table)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    for old in path.parent.glob(f"{path.stem}.*.table"):
        if old != table:
            with contextlib.suppress(OSError):  # Windows keeps what is mapped
                old.unlink()


def _pieces(entries: Iterable[tuple[Entry, Tokens]]) -> Iterator[bytes]:
    sources: list[tuple[str, str, str]] = []
    starts: list[int] = []
    rows: dict[str, list[Numbers]] = {name: [] for name in _ARRAYS}
    total = 0
    for entry, code in entries:
        sources.append((entry.path, entry.package, entry.licence))
        starts.append(total)
        prints, kept = winnow(code.codes)
        firsts = np.flatnonzero(np.diff(code.lines, prepend=np.uint32(0xFFFFFFFF)))
        for name, numbers in zip(
            _ARRAYS, (code.codes, firsts + total, code.lines[firsts], prints, kept + total), strict=True
        ):
            rows[name].append(np.asarray(numbers, np.uint32))
        total += len(code.codes)
    arrays = {name: np.concatenate(parts) if parts else np.zeros(0, np.uint32) for name, parts in rows.items()}
    packages = [name_of(package) for _, package, _ in sources]
    arrays["prints"], arrays["places"] = _telling(arrays["prints"], arrays["places"], starts, packages)
    counts = [len(arrays[name]) for name in _ARRAYS]
    head = json.dumps({"sources": sources, "starts": starts, "counts": counts}).encode()
    begin = len(_MAGIC) + 8
    yield _MAGIC + len(head).to_bytes(8, "little") + head
    yield bytes(_aligned(begin + len(head)) - begin - len(head))
    for name in _ARRAYS:
        yield arrays[name].astype("<u4").tobytes()


def _telling(
    prints: Numbers, places: Numbers, starts: Sequence[int], packages: Sequence[str]
) -> tuple[Numbers, Numbers]:
    """Return fingerprints with their places, in order, without those of many packages and places beyond a few."""
    order = np.lexsort((places, prints))
    prints, places = prints[order], places[order]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(packages))}
    package = np.array([numbers[name] for name in packages], np.uint64)
    owner = package[np.searchsorted(np.array(starts, np.uint32), places, "right") - 1] if len(places) else places
    pairs = np.unique(prints.astype(np.uint64) << np.uint64(32) | owner.astype(np.uint64)) >> np.uint64(32)
    values, owners = np.unique(pairs, return_counts=True)
    common = values[owners >= _COMMON_PACKAGES].astype(np.uint32)
    rank = np.arange(len(prints)) - np.searchsorted(prints, prints, "left")
    keep = ~np.isin(prints, common) & (rank < _MOST_PLACES)
    return prints[keep], places[keep]


def _aligned(at: int) -> int:
    return -(-at // 16) * 16
