"""What changes between two texts, as few and small edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ai_lsp.alike import shared_end, shared_start
from ai_lsp.positions import line_end

Place = tuple[int, int]
"""A zero-based line and a column in code points."""
_MOST_LINES = 3_000
"""Lines above which only the ends that two texts share are left out."""


@dataclass(frozen=True)
class Change:
    r"""Text that takes the place of another; its lines end in ``\n``."""

    start: Place
    end: Place
    text: str


@dataclass(frozen=True)
class NewFile:
    """A file to be made, with what is in it; its folder may have to be made too."""

    path: str
    text: str


def changes(lines: Sequence[str], first: int, last: int, text: str) -> list[Change]:
    r"""Return what makes `text`, with ``\n``, of the `lines` (with their ends) from `first` to `last`, inclusive.

    Line ends stay what they are in lines that stay. An empty text takes the lines away.
    """
    old = [_bare(line) for line in lines[first : last + 1]]
    new = text.split("\n") if text else []
    found: list[Change] = []
    for kind, a, b, c, d in _blocks(old, new):
        if kind != "equal":
            found += _change(lines, first + a, first + b, new[c:d])
    return found


def insertion(lines: Sequence[str], line: int, text: str) -> Change:
    """Return what puts the lines of `text` before `line`; where that is beyond the last one, at the text's end."""
    if line < len(lines):
        return Change((line, 0), (line, 0), text + "\n")
    end = len(lines) - 1, len(_bare(lines[-1]))
    if not lines[-1]:
        return Change(end, end, text + "\n")
    return Change(end, end, "\n" + text)


def applied(lines: Sequence[str], made: Sequence[Change], eol: str = "\n") -> list[str]:
    """Return the text, in pieces, that changes make of `lines`; they are in order and do not overlap."""
    pieces: list[str] = []
    at: Place = (0, 0)
    for one in made:
        pieces += [*_between(lines, at, one.start), one.text.replace("\n", eol)]
        at = one.end
    return [*pieces, *_between(lines, at, (len(lines) - 1, len(lines[-1])))]


def _blocks(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) + len(new) <= _MOST_LINES:
        return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return [("replace", start, len(old) - end, start, len(new) - end)]


def _change(lines: Sequence[str], first: int, stop: int, new: list[str]) -> list[Change]:
    if first == stop and first == len(lines):
        end = first - 1, len(_bare(lines[-1]))
        return [Change(end, end, "\n" + "\n".join(new))]
    if first == stop:
        return [insertion(lines, first, "\n".join(new))]
    if not new:
        return [_removal(lines, first, stop)]
    if stop - first == len(new):
        return [_within(number, _bare(lines[number]), text) for number, text in enumerate(new, first)]
    old = [_bare(line) for line in lines[first:stop]]
    return [Change((first, 0), (stop - 1, len(old[-1])), "\n".join(new))]


def _removal(lines: Sequence[str], first: int, stop: int) -> Change:
    if stop < len(lines):
        return Change((first, 0), (stop, 0), "")
    end = stop - 1, len(_bare(lines[stop - 1]))
    return Change((first - 1, len(_bare(lines[first - 1]))) if first else (0, 0), end, "")


def _within(number: int, old: str, new: str) -> Change:
    start = shared_start(old, new)
    end = shared_end(old, new, min(len(old), len(new)) - start)
    return Change((number, start), (number, len(old) - end), new[start : len(new) - end])


def _bare(line: str) -> str:
    return line[: len(line) - len(line_end(line))]


def _between(lines: Sequence[str], start: Place, end: Place) -> list[str]:
    if start[0] == end[0]:
        return [lines[start[0]][start[1] : end[1]]]
    return [lines[start[0]][start[1] :], *lines[start[0] + 1 : end[0]], lines[end[0]][: end[1]]]
