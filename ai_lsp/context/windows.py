"""Windows of lines, and how much of what is named near a cursor they name too."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log

from ai_lsp.completion.place import Place

LINES, _STEP = 16, 8
"""Lines of a window, and from one's start to the next one's: each is two halves, whose names are kept."""
_MOST_COLUMNS = 400
"""A longer line was not written by hand; its names are not looked at."""
_LEAST_SHARED = 2
_NAME = re.compile(r"[^\W\d]\w+")
_COMMON = frozenset(
    """
    and as assert async await bool boolean break case catch char class const continue def default do double elif
    else end enum except export extends false False final finally float fn for from func function go if impl import
    in include int interface is lambda let long match module mut namespace new nil None not null number object of
    or override package pass private protected pub public raise require return self Self static str string String
    struct super switch then this throw true True try type typeof undefined use using val var void while with yield
    """.split()  # noqa: SIM905 - a line a word is no better to read
)
_KIN = (
    "javascript typescript javascriptreact typescriptreact vue svelte",
    "c cpp objective-c objective-cpp cuda-cpp",
)
_FAMILIES = {language: kin.split()[0] for kin in _KIN for language in kin.split()}


@dataclass(frozen=True)
class Window:
    """Lines of a file that name some of what is named near the cursor."""

    line: int
    """Zero-based line at which it begins."""
    text: str
    score: float
    """How much of what is named it names, 0 to 1."""


def span_of(place: Place) -> tuple[int, int]:
    """Return the lines that the window around the cursor shows: the first one, and the one after the last."""
    return place.line - place.prefix.count("\n"), place.line + place.suffix.count("\n") + 1


def telling(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of `names` that say what code is about: no keywords, no single letters."""
    return tuple(name for name in names if len(name) > 1 and name not in _COMMON)


def akin(language: str, other: str) -> bool:
    """Whether names of the one language mean the same in the other."""
    return _FAMILIES.get(language, language) == _FAMILIES.get(other, other)


def shared(names: Sequence[str], others: Collection[str]) -> float:
    """Return how much of `names`, nearest first, is among `others`: 0 to 1, where three near ones are 1."""
    return min(1.0, sum(1 / (1 + rank / 8) for rank, name in enumerate(names) if name in others) / 3)


class Names:
    """The identifiers of the windows of one file, of which those that stay need not be read again.

    They are kept as tuples: sets, of which there would be thousands, take five times the memory. May be read in
    two threads at once: each leaves something that is right, the later one wins.
    """

    def __init__(self) -> None:
        self._halves: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._latest: tuple[Sequence[str], list[tuple[str, ...]]] = (), []

    def read(self, lines: Sequence[str], late: Callable[[], bool] = bool) -> list[tuple[str, ...]]:
        """Return what each window names, each name once, from the first line on; stops where it gets `late`."""
        known_lines, found = self._latest
        if lines == known_lines:
            return found
        known, halves = self._halves, [tuple(lines[at : at + _STEP]) for at in range(0, len(lines), _STEP)]
        read: dict[tuple[str, ...], tuple[str, ...]] = {}
        for number, half in enumerate(halves):
            if half not in known and late():
                self._halves = known | read
                return _windows([read[one] for one in halves[:number]])
            read[half] = known.get(half) or _names_in(half)
        self._halves = read
        found = _windows([read[half] for half in halves])
        self._latest = lines, found
        return found


def _names_in(lines: Iterable[str]) -> tuple[str, ...]:
    names = _NAME.findall("\n".join(line[:_MOST_COLUMNS] for line in lines))
    return tuple(map(sys.intern, dict.fromkeys(telling(names))))


def _windows(halves: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(dict.fromkeys(one + other)) for one, other in pairwise(halves)] or halves


def best_windows(
    lines: Sequence[str],
    found: Sequence[Collection[str]],
    wanted: Sequence[str],
    *,
    skip: tuple[int, int] = (0, 0),
    most: int = 2,
) -> list[Window]:
    """Return the windows of a file that share most with the names `wanted`, best first, none over another.

    `found` are the names of the windows, as from `Names`. Lines from `skip[0]` to `skip[1]`, without it, are in
    the prompt already. The measure is Jaccard's, as in Cody and Copilot, but a name that few windows have counts
    more, and names that only a window has count a quarter.
    """
    names = frozenset(wanted)
    both = [names.intersection(window) for window in found]
    common = Counter(chain.from_iterable(both))
    weights = {name: log(1 + len(found) / count) for name, count in common.items()}
    total = sum(weights.values()) + (len(names) - len(weights)) * log(2)
    windows: list[Window] = []
    for score, index in sorted(
        _scores(found, both, weights, len(names), total), key=lambda one: (-one[0], one[1])
    ):
        first, stop = index * _STEP, index * _STEP + LINES
        if (first < skip[1] and stop > skip[0]) or any(abs(first - one.line) < LINES for one in windows):
            continue
        windows.append(_window(lines, first, stop, score))
        if len(windows) == most:
            break
    return windows


def _scores(
    found: Sequence[Collection[str]],
    both: Sequence[Collection[str]],
    weights: dict[str, float],
    n_names: int,
    total: float,
) -> Iterable[tuple[float, int]]:
    usual = total / max(1, n_names)
    for index, common in enumerate(both):
        if len(common) >= _LEAST_SHARED:
            weight = sum(map(weights.__getitem__, common))
            yield weight / (total + usual * (len(found[index]) - len(common)) / 4), index


def _window(lines: Sequence[str], first: int, stop: int, score: float) -> Window:
    """Return lines `first` to `stop`, which have names in them, without blank lines at their ends."""
    stop = min(stop, len(lines))
    while not lines[first].strip():
        first += 1
    while not lines[stop - 1].strip():
        stop -= 1
    return Window(first, "".join(line.rstrip("\r\n") + "\n" for line in lines[first:stop]), score)
