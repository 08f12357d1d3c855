"""Closing brackets and quotes that the document already has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import CLOSERS, PAIRS, scan, scan_window
from ai_lsp.filters.lines import SUFFIX_WINDOW, before_window, begins_file, below, scan_before, width
from ai_lsp.filters.names import LinesOf, no_lines

_BARE_PATTERNS = frozenset({"shellscript", "sh", "bash", "zsh"})
"""Languages whose case patterns end in a ``)`` that nothing opens."""
_MOST_LINES, _MOST_CHARS = 1000, 20_000
"""How far the file is read, up and down, for what a place does not show; all of it takes some 2 ms."""


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A bracket without its partner."""

    closer: str
    """The bracket itself, or the one that closes it."""
    column: int | None
    """The columns of white space before its line; None for a closer that is not the first on its line."""


@dataclass(frozen=True)
class Brackets:
    """Cuts before a closing bracket or quote that the document already has or never opened."""

    lines_of: LinesOf = no_lines

    def __call__(self, text: str, place: Place) -> Decision:
        """Look around the cursor, and further where that does not show what is closed."""
        before = scan_before(place)
        found = scan(text, place.language, before.inside)
        if found.left > 0 and _quote_follows(before.inside, text[found.left :], place):
            at = found.left - len(before.inside)
            return Decision("brackets", text[:at], f"the closing {before.inside} is already there")
        opened = _unpaired("", before_window(place), before.opened)
        extra = [at for at in found.extra if not _is_pattern(text[at], opened, place.language)]
        if not extra:
            return Decision("brackets", text)
        suffix = place.suffix[:SUFFIX_WINDOW]
        if len(extra) > len(opened) and not begins_file(place) and (lines := self.lines_of(place)) is not None:
            opened, suffix = _further(place, lines)
        closers = _unpaired(place.line_before, suffix, scan(suffix, place.language, found.inside).extra)
        closers = [bracket for bracket in closers if not _is_pattern(bracket.closer, opened, place.language)]
        again = _unpaired(place.line_before, text, found.opened)
        end = _surplus(text, extra, opened, closers, again)
        if end is None:
            return Decision("brackets", text)
        return Decision("brackets", text[:end].rstrip(), f"the closing {text[end]} has nothing to close")


def _further(place: Place, lines: Sequence[str]) -> tuple[list[_Bracket], str]:
    """Return what stands open before the cursor, and the text after it, further up and down than a place shows."""
    line = place.line
    above, under = lines[max(0, line - _MOST_LINES) : line], lines[line + 1 : line + 1 + _MOST_LINES]
    window = before_window(replace(place, prefix="".join([*above, place.line_before])), _MOST_CHARS)
    found = scan_window(window, place.language)
    suffix = "".join([place.line_after, "\n", *under])[:_MOST_CHARS]
    return _unpaired("", window, found.opened), suffix


def _surplus(
    text: str, extra: Sequence[int], opened: Sequence[_Bracket], closers: Sequence[_Bracket], again: list[_Bracket]
) -> int | None:
    """Return the first of the `extra` closers that closes none of `opened`, or what one of `closers` does.

    What the suggestion opens `again` may be closed by those: `} else {` closes a block that is closed below. Of
    closers that are too many the first ones stay, as many as leave open what `closers` close.
    """
    left = len(opened) - len(extra)
    if left >= 0 and _close(text, extra, opened[left:]) and _is_balanced([*opened[:left], *again], closers):
        return None
    for kept in range(len(extra) - 1, 0, -1):
        left = len(opened) - kept
        if left >= 0 and _is_balanced(opened[:left], closers) and _close(text, extra[:kept], opened[left:]):
            return extra[kept]
    wanted = _wanted(opened, closers)
    for depth, at in enumerate(extra):
        if depth >= len(wanted) or wanted[depth] != text[at]:
            return at
    return None


def _close(text: str, extra: Sequence[int], opened: Sequence[_Bracket]) -> bool:
    """Whether these closers of `text` close all of `opened`."""
    return [bracket.closer for bracket in reversed(opened)] == [text[at] for at in extra]


def _quote_follows(quote: str, rest: str, place: Place) -> bool:
    if not quote or quote in ("\n", "*/"):
        return False
    if len(quote) == 1:
        return place.line_after.count(quote) % 2 == 1
    # On a later line it may as well open another string.
    return place.line_after.lstrip().startswith(quote) or (not rest.strip() and _is_next_line(quote, place))


def _is_next_line(line: str, place: Place) -> bool:
    return [other.strip() for other in below(place, 1)] == [line]


def _is_pattern(closer: str, opened: Sequence[_Bracket], language: str) -> bool:
    return closer == ")" and language in _BARE_PATTERNS and (not opened or opened[-1].closer != ")")


def _unpaired(line_before: str, text: str, offsets: Iterable[int]) -> list[_Bracket]:
    """The brackets at `offsets` of `text`, which goes on from `line_before`."""
    found = []
    for at in offsets:
        start = text.rfind("\n", 0, at) + 1
        lead = text[start:at] if start else line_before + text[:at]
        first = not lead.strip()
        column = width(lead) if first or text[at] not in CLOSERS else None
        found.append(_Bracket(PAIRS.get(text[at], text[at]), column))
    return found


def _is_balanced(opened: Sequence[_Bracket], closers: Sequence[_Bracket]) -> bool:
    """Whether each of `closers` closes what is open, line under line."""
    return len(closers) <= len(opened) and all(
        closer.closer == opener.closer and closer.column in (None, opener.column)
        for opener, closer in zip(reversed(opened), closers, strict=False)
    )


def _wanted(opened: Sequence[_Bracket], closers: Sequence[_Bracket]) -> list[str]:
    """What would close each of `opened`, innermost first; ``""`` where one of the suffix's `closers` does."""
    wanted = []
    rest = list(reversed(closers))
    for opener in reversed(opened):
        has = bool(rest) and rest[-1].closer == opener.closer
        # A closer further left than the opener's line closes something further out.
        if has and (rest[-1].column is None or opener.column is None or rest[-1].column >= opener.column):
            rest.pop()
            wanted.append("")
        else:
            wanted.append(opener.closer)
    return wanted
