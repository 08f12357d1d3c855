"""Whether a text copies code that may not be copied."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ai_lsp.completion.place import Place
from ai_lsp.licences.table import Numbers, Run, Table
from ai_lsp.licences.tokens import tokens
from ai_lsp.licences.winnow import GRAM

LINES = 6
"""So many whole lines with code in a row are a copy, ..."""
LINE_TOKENS = 16
"""... if they have so many tokens: six closing brackets are none."""
TOKENS = 60
"""So many tokens in a row are one, however many lines they are."""
_BEFORE = 2_000
"""Characters before the cursor that are looked at: more than six lines or sixty tokens, comments included."""
LONG = 2 * TOKENS
"""So many tokens in a row are a copy even if they are few words again and again, as in a formula."""
WORDS = 6
"""A copy has so many different words at least: a table of numbers is none."""


@dataclass(frozen=True, order=True)
class Match:
    """A passage of a file that a text copies."""

    path: str
    package: str
    licence: str
    line: int
    """One-based line of the file in which the passage begins."""
    lines: int
    tokens: int

    def __str__(self) -> str:
        where = f"{self.path}:{self.line} ({self.package}, {self.licence})"
        return f"{self.lines} lines ({self.tokens} tokens) as in {where}"


def find(text: str, place: Place, tables: Iterable[Table], but: str = "") -> Match | None:
    """Return the longest copied passage that a suggestion has or completes; None where it copies nothing.

    A passage counts when the whole suggestion belongs to it, or `GRAM` tokens of it do. The file `but` is never
    found: a text does not copy itself.
    """
    code = tokens(_before(place) + text, place.language, window=True).codes
    start = _shared(code, codes_before(place))
    needed = min(GRAM, len(code) - start)
    if needed <= 0:
        return None
    copied = (
        run
        for table in tables
        for run in table.runs(code, start, LINE_TOKENS)
        if run.end - max(run.begin, start) >= needed and _is_copy(run) and run.source.path != but
    )
    longest = min(copied, key=_longest_first, default=None)
    return None if longest is None else _match(longest)


def find_all(text: str, language: str, tables: Iterable[Table]) -> list[tuple[int, Match]]:
    """Return every copied passage of a text with the zero-based line in which it begins, in order.

    Of passages that overlap only the longest counts.
    """
    code = tokens(text, language)
    copied = [
        run for table in tables for run in table.runs(code.codes, 0, LINE_TOKENS, sys.maxsize) if _is_copy(run)
    ]
    kept: list[Run] = []
    for run in sorted(copied, key=_longest_first):
        if all(run.end <= other.begin or run.begin >= other.end for other in kept):
            kept.append(run)
    return sorted((int(code.lines[run.begin]), _match(run)) for run in kept)


def codes_before(place: Place) -> Numbers:
    """Return the tokens before the cursor, which `find` needs for each text; the last ones are kept."""
    return _codes(_before(place), place.language)


@lru_cache(maxsize=4)
def _codes(before: str, language: str) -> Numbers:
    return tokens(before, language, window=True).codes


def _before(place: Place) -> str:
    """Return the lines before the cursor in which a passage may have begun."""
    if len(place.prefix) <= _BEFORE:
        return place.prefix
    window = place.prefix[-_BEFORE:]
    return window[window.find("\n") + 1 :]


def _match(run: Run) -> Match:
    source = run.source
    return Match(source.path, source.package, source.licence, run.line + 1, run.lines, run.tokens)


def _longest_first(run: Run) -> tuple[int, str]:
    return -run.tokens, run.source.path


def _is_copy(run: Run) -> bool:
    long = run.tokens >= TOKENS or (run.lines >= LINES and run.tokens >= LINE_TOKENS)
    return long and run.words >= (WORDS if run.tokens < LONG else 2)


def _shared(one: Numbers, other: Numbers) -> int:
    """Return how many of their first tokens two rows share."""
    length = min(len(one), len(other))
    different = np.flatnonzero(one[:length] != other[:length])
    return int(different[0]) if len(different) else length
