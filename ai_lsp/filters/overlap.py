"""Suggestions that write what already stands around the cursor."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import CLOSERS, scan
from ai_lsp.filters.lines import below, says_something, scan_before, starts

_LEAST_PARTIAL = 10
"""Characters that a partial overlap must have; Copilot's suffix match threshold."""
_FUZZY_LENGTH = 24
_FUZZY_DISTANCE = 0.05
_LINES_BELOW = 8
_LINES_SKIPPED = 3
_QUOTED = re.compile(r"""(["'`]).*?\1|(?:#|//).*""")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MARK_AFTER_CLOSERS = re.compile(r"[)\]}\"'`>\s]*([;,:])")


def overlap(text: str, place: Place) -> Decision:
    """Cuts what repeats the cursor's line before it, the rest of the line after it, or the lines below."""
    left, reason = text, ""
    # What is repeated may be repeated twice.
    while (found := _cut(left, place)) is not None:
        left, reason = found[0], reason or found[1]
    return Decision("overlap", left, reason)


def _cut(text: str, place: Place) -> tuple[str, str] | None:
    """Return `text` without one repetition, and what it repeats; None where it has none."""
    own = _without_own_prefix(text, place.line_before)
    if own != text:
        return own, "the line's own start was repeated"
    rest = place.line_after.strip()
    at = _rest_of_line(text, place) if rest else _lines_below(text, place)
    if at is None or not text[at:].strip():
        return None
    return text[:at].rstrip(), "repeats the rest of the line" if rest else "repeats the lines below"


def _without_own_prefix(text: str, line_before: str) -> str:
    head = line_before.strip()
    # One word and a bracket may well be nested in itself: `str(str(`.
    if not (re.search(r"\s", head) or line_before.rstrip() != line_before) or not says_something(head + "  "):
        return text
    while text.lstrip(" \t").startswith(head):
        after = text.lstrip(" \t")[len(head) :]
        if after[:1].isalnum() and head[-1].isalnum():
            break
        text = after.lstrip(" \t") if line_before[-1:].isspace() else after
    return text


def _rest_of_line(text: str, place: Place) -> int | None:
    rest = place.line_after.strip()
    first = text.split("\n", 1)[0]
    if re.search(r"\w", rest):
        for end in (len(first.rstrip()), len(text.rstrip())):
            if text.endswith(rest, 0, end) and _closed(text, end - len(rest), place):
                return end - len(rest)
        for size in range(min(len(rest), len(text)), _LEAST_PARTIAL - 1, -1):
            if text.endswith(rest[:size]) and _closed(text, len(text) - size, place):
                return len(text) - size
    mark = _MARK_AFTER_CLOSERS.match(rest)
    if mark and text.rstrip().endswith(mark[1]):
        return len(text.rstrip()) - 1
    return None


def _closed(text: str, at: int, place: Place) -> bool:
    """Whether no bracket is left open by cutting `text` at `at`, so that the overlap is not its other half."""
    if CLOSERS.isdisjoint(text[at:]):
        return True
    inside = scan_before(place).inside
    return not scan(text[:at], place.language, inside).opened


def _lines_below(text: str, place: Place) -> int | None:
    lines = below(place, _LINES_BELOW)
    own = starts(text)
    shown = [(at, place.line_before + line if at == 0 else line) for at, line in own if line.strip()]
    for index, (at, line) in enumerate(shown if lines else ()):
        # Whether a bracket closes twice is for the filter of brackets to say.
        if CLOSERS.issuperset(line.strip(" \t,;")):
            continue
        tail = [line for _, line in shown[index:]]
        # A first line that is the start of the next one may be all that was meant.
        if _repeats(tail, lines) or (at > 0 and len(tail) == 1 and _begins(line, lines[0])):
            return at
    return None


def _repeats(tail: list[str], lines: list[str]) -> bool:
    """Whether the rest of a suggestion is what `lines` start with, or two and more lines a little further on."""
    if _run_alike(tail, lines):
        return True
    return sum(map(says_something, tail)) > 1 and any(
        len(tail) <= len(lines) - skipped and all(map(_equal, tail, lines[skipped:]))
        for skipped in range(1, _LINES_SKIPPED)
    )


def _run_alike(tail: list[str], lines: list[str]) -> bool:
    *whole, last = tail[: len(lines)]
    other = lines[len(whole)]
    return all(map(_same, whole, lines)) and (_same(last, other) or (len(tail) > 1 and _begins(last, other)))


def _begins(line: str, other: str) -> bool:
    return len(line.strip()) >= _LEAST_PARTIAL and other.strip().startswith(line.strip())


def _equal(line: str, other: str) -> bool:
    """Whether two lines are one letter for letter or, where they say something, but for spaces and quotes."""
    return line.rstrip() == other.rstrip() or (says_something(line) and _plain(line) == _plain(other))


def _same(line: str, other: str) -> bool:
    """Whether two lines are equal, or one is the other with a slip in a long text or comment."""
    if _equal(line, other):
        return True
    # `get_name(x)` and `set_name(x)` are different lines, as are `case 1` and `case 2`.
    one, two = _plain(line), _plain(other)
    if len(one) < _FUZZY_LENGTH or _skeleton(line) != _skeleton(other):
        return False
    return Levenshtein.normalized_distance(one, two, score_cutoff=_FUZZY_DISTANCE) <= _FUZZY_DISTANCE


def _plain(line: str) -> str:
    return re.sub(r"\s+", "", line).replace("'", '"').rstrip(",;")


def _skeleton(line: str) -> str:
    """`line` without the longer words of its strings and comments."""
    return _QUOTED.sub(lambda found: _WORD.sub("", found[0]), line.strip())
