"""Suggestions that go round in a loop, which is how small models end when they have nothing to say."""

from __future__ import annotations

from dataclasses import dataclass

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision, Offence
from ai_lsp.filters.lines import above, says_something, starts
from ai_lsp.filters.rejections import RejectedAt, is_repeated, nothing_rejected

_SHORT_PERIOD = 10
_LONG_PERIOD = 80
_RULER_SIGNS = frozenset("-=*#_~/+. ")
_RULER_LENGTH = 80
_BLOCK_LINES = 8


@dataclass(frozen=True)
class Repetition:
    """Cuts where lines are repeated, from the suggestion or from just above it, or where the end loops."""

    rejected: RejectedAt = nothing_rejected

    def __call__(self, text: str, place: Place) -> Decision:
        """Decide about one suggestion; one that was just rejected here is kept back whole."""
        if any(is_repeated(text, old) for old in self.rejected(place)):
            return Decision("repetition", "", "it was just not taken here", Offence("", text))
        return _cut(text, place)


def _cut(text: str, place: Place) -> Decision:
    at = _repeated_line(text, place)
    if at is not None:
        source = "repeats the lines above it" if at == 0 else "a repeated line was cut"
        return Decision("repetition", text[:at].rstrip(), source)
    tail = repeated_tail(text.rstrip())
    if tail is None:
        return Decision("repetition", text)
    start, period = tail
    if not text[:start].strip():
        return Decision("repetition", "", "the same few characters over and over")
    return Decision("repetition", text[: start + period].rstrip(), "a loop at the end was cut")


def repeated_tail(text: str) -> tuple[int, int] | None:
    """Where the end of `text` starts to loop, and the loop's length, both in characters; None for no loop.

    The rule is Copilot's (the last n tokens have a period of at most m), in characters: a period of up to 10
    four times over at least 24 characters, or one of up to 80 three times. Counting aligned repeats back from
    the end is enough for so few periods, and cheaper in Python than a prefix function.
    """
    for period in range(1, min(_LONG_PERIOD, len(text) // 3) + 1):
        unit = text[-period:]
        if text[-2 * period : -period] != unit or unit.isspace():
            continue
        start = len(text) - 2 * period
        while start > 0 and text[start - 1] == text[start - 1 + period]:
            start -= 1
        if (len(text) - start) >= _least(unit):
            return start, period
    return None


def _least(unit: str) -> int:
    period = len(unit)
    if _RULER_SIGNS.issuperset(unit):
        return _RULER_LENGTH
    return max(24, 4 * period) if period <= _SHORT_PERIOD else 3 * period


def _repeated_line(text: str, place: Place) -> int | None:
    over = above(place, _BLOCK_LINES)
    own = starts(text)
    first = place.line_before + own[0][1] + (place.line_after if len(own) == 1 else "")
    shown = [(0, first), *own[1:]] if own[0][1].strip() else own[1:]
    lines = [(-1, line) for line in over] + [(at, line.rstrip()) for at, line in shown if line.strip()]
    content = [line for _, line in lines]
    for index in range(len(over), len(lines)):
        for size in range(1, min(index, _BLOCK_LINES, len(lines) - index) + 1):
            block = content[index : index + size]
            if content[index - size : index] == block and any(map(says_something, block)):
                return lines[index][0]
    return None
