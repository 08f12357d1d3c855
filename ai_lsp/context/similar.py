"""The source `similar`: what the repository has that looks like the lines above the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from ai_lsp.completion.place import Place
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.index.hits import Hit, Shown
from ai_lsp.index.reader import Index
from ai_lsp.index.schema import WINDOW
from ai_lsp.index.tokens import tokens

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_LINES = 12
"""Lines up to the cursor that are looked for."""
_FADE = 0.8
"""What a line weighs as against the one below it."""
_CANDIDATES, _ALIGNED = 16, 8
"""Windows that are taken from the index, and of these, by the share of the terms, looked at line by line."""
_COMPARED = 3
"""Lines above the cursor that are laid beside those of a window."""
_LEAST_CHARS = 3
_ABOVE = 5
"""Lines of a snippet up to the one that is like the line above the cursor: what follows is worth most."""
_OVERLAP, _ALIGNMENT = 0.5, 0.5
_LITTLE = 4.0
"""Weight of the terms of about two usual lines; alike lines are chance where the terms weigh less."""
_CALIBRATION = 2
"""Makes the score say how often a snippet helps: those with 0.8 before had the very line that was wanted in six of
ten cases, those with 0.5 in one of ten."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the text around the cursor in the terms of the index."""

    lines: tuple[str, ...]
    """The last lines before the cursor's that are not blank, stripped, the nearest first."""
    start: str
    """The cursor's line up to the cursor, stripped."""
    weights: dict[str, float]
    """The terms, by how near to the cursor they are: 1 in its line."""

    @classmethod
    def at(cls, place: Place) -> Wanted:
        """Return what is looked for at `place`."""
        above = place.prefix.split("\n")[-_LINES:]
        weights: dict[str, float] = {}
        for distance, line in enumerate(reversed(above)):
            for term in tokens(line):
                weights.setdefault(term, _FADE**distance)
        full = [line.strip() for line in reversed(above[:-1]) if len(line.strip()) >= _LEAST_CHARS]
        return cls(tuple(full[:_COMPARED]), place.line_before.strip(), weights)


class SimilarCode:
    """Asks the index of the workspace folder for windows like the last lines before the cursor."""

    name = "similar"

    def __init__(self, index_for: Callable[[Path], Index | None], limit: int = 4) -> None:
        """`index_for` returns the index of a workspace folder, None where there is none."""
        self._index_for = index_for
        self._limit = limit

    async def find(self, query: Query) -> list[Snippet]:
        """Return windows of 16 lines, best first; see `_CALIBRATION` for their score."""
        index = self._index_for(query.root) if query.root is not None else None
        if index is None:
            return []
        shown = _shown(query.place)
        found = await query.in_thread(find_similar, index, Wanted.at(query.place), shown, self._limit)
        return [one for one in found if one.path != shown.path or _is_still_there(one, query.document)]


def find_similar(index: Index, wanted: Wanted, shown: Shown, limit: int) -> list[Snippet]:
    """Return the best snippets, without any of the lines that are `shown`."""
    if not wanted.weights:
        return []
    found = index.candidates(wanted.weights, _CANDIDATES, shown)
    weights = {term: wanted.weights[term] * rarity for term, rarity in found.rarities.items()}
    ranked = sorted(((_overlap(hit, weights), hit) for hit in found.hits), key=lambda one: one[0], reverse=True)
    snippets = sorted(
        ((_snippet(hit, share, wanted, shown), hit) for share, hit in ranked[:_ALIGNED]),
        key=lambda one: one[0].score,
        reverse=True,
    )
    return list(islice(_different((one for one, hit in snippets if index.is_current(hit))), limit))


def _shown(place: Place) -> Shown:
    return Shown(place.path, place.line - place.prefix.count("\n"), place.line + place.suffix.count("\n") + 1)


def _overlap(hit: Hit, weights: dict[str, float]) -> float:
    """Return which share of the terms a window has, by weight; less where the terms say little anyway."""
    there = set(tokens(hit.text))
    total = sum(weights.values())
    had = sum(weight for term, weight in weights.items() if term in there)
    return had / (total + _LITTLE)


def _snippet(hit: Hit, share: float, wanted: Wanted, shown: Shown) -> Snippet:
    """Return the 16 lines around the place in a window that is most like the cursor's."""
    before = _split(hit.before)
    lines = [*before, *_split(hit.text), *_split(hit.after)]
    first = hit.line - len(before)
    at, alignment = _align([line.strip() for line in lines], wanted, len(before), len(before) + WINDOW)
    start, stop = _borders(at, len(lines), shown, hit.path, first)
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    score = (_OVERLAP * share + _ALIGNMENT * alignment) ** _CALIBRATION
    return Snippet(SimilarCode.name, hit.path, "".join(lines[start:stop]), score, first + start)


def _split(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")[:-1]]


def _borders(at: int, count: int, shown: Shown, path: str, first: int) -> tuple[int, int]:
    """Return where a snippet starts and stops, so that line `at` is in it and none that is shown already."""
    low, high = 0, count
    if path == shown.path:
        if first + at >= shown.stop:
            low = max(0, shown.stop - first)
        else:
            high = min(count, max(0, shown.first - first))
    start = max(low, min(at - _ABOVE + 1, high - WINDOW))
    return start, min(high, start + WINDOW)


def _align(lines: Sequence[str], wanted: Wanted, first: int, stop: int) -> tuple[int, float]:
    """Return which line from `first` up to `stop` is most like the one above the cursor, and how much.

    The lines above each are compared too, each counting half as much as the one below it, and the start of the
    next line with the start of the cursor's. 1 is the same.
    """
    best, best_at = 0.0, (first + stop) // 2
    total = sum(0.5**back for back in range(len(wanted.lines)))
    starts = len(wanted.start) >= _LEAST_CHARS
    total += 1.0 if starts else 0.0
    for at in range(first, min(stop, len(lines))):
        if not lines[at]:
            continue
        alike = sum(
            0.5**back * fuzz.ratio(mine, other)
            for back, (mine, other) in enumerate(zip(wanted.lines, _upwards(lines, at), strict=False))
        )
        if starts:
            following = next((line for line in lines[at + 1 : at + 3] if line), "")
            alike += fuzz.ratio(wanted.start, following[: len(wanted.start)])
        if alike > best:
            best, best_at = alike, at
    return best_at, best / (100 * total) if total else 0.0


def _upwards(lines: Sequence[str], at: int) -> Iterator[str]:
    return (lines[number] for number in range(at, -1, -1) if len(lines[number]) >= _LEAST_CHARS)


def _different(snippets: Iterable[Snippet]) -> Iterator[Snippet]:
    """Yield the snippets but those that have a line or a text in common with a better one."""
    kept: list[Snippet] = []
    for one in snippets:
        if one.text and not any(one.text == other.text or _meet(one, other) for other in kept):
            kept.append(one)
            yield one


def _meet(one: Snippet, other: Snippet) -> bool:
    stops = [snippet.line + snippet.text.count("\n") for snippet in (one, other)]
    return one.path == other.path and one.line < stops[1] and other.line < stops[0]


def _is_still_there(snippet: Snippet, document: Document) -> bool:
    """Whether the open document has these very lines; the index has them as they were saved."""
    lines = snippet.text.split("\n")[:-1]
    live = document.lines[snippet.line : snippet.line + len(lines)]
    return [line.rstrip("\r\n") for line in live] == lines
