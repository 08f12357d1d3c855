"""Declarations as they look with their bodies left out, in the language's own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_lsp.syntax.declarations import TYPES, Declaration
from ai_lsp.syntax.lines import cut
from ai_lsp.syntax.signatures import signature_of

_DECORATORS = 3
"""Lines of decorators that a head keeps at most; longer ones are data."""


@dataclass(frozen=True)
class Line:
    """One line of a skeleton."""

    number: int
    """The line of the file that it stands for."""
    text: str
    """Without a line end."""


def head(one: Declaration, lines: Sequence[str]) -> list[Line]:
    """Return the lines of a declaration up to and with what opens its body."""
    opener = " {" if _opens(one, lines) == "{" else ""
    return _decorators(one, lines) + _written(one, lines, opener)


def folded(one: Declaration, lines: Sequence[str], grammar: str) -> list[Line]:
    """Return a declaration with ``...`` for its body."""
    return _decorators(one, lines) + _written(one, lines, _fold(one, lines, grammar))


def _fold(one: Declaration, lines: Sequence[str], grammar: str) -> str:
    if one.body is None:
        last = lines[one.end[0]] if one.end[0] < len(lines) else ""
        rest = cut(last, one.end[1] - 1)[:2]
        return ";" if ";" in rest else ""
    if _opens(one, lines) == "{":
        return " { ... }"
    return "; end" if grammar == "ruby" and one.kind not in TYPES else " ..."


def _opens(one: Declaration, lines: Sequence[str]) -> str:
    if one.body is None or one.body[0] >= len(lines):
        return ""
    return cut(lines[one.body[0]], one.body[1])[:1]


def _decorators(one: Declaration, lines: Sequence[str]) -> list[Line]:
    """Return the lines right above a declaration that decorate it, in languages that write them with an ``@``."""
    found: list[Line] = []
    for number in range(one.start[0] - 1, max(-1, one.start[0] - 1 - _DECORATORS), -1):
        if not lines[number].lstrip().startswith("@"):
            break
        found.insert(0, Line(number, lines[number].rstrip()))
    return found


def _written(one: Declaration, lines: Sequence[str], ending: str) -> list[Line]:
    number = one.start[0]
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    signature = signature_of(one, lines).split("\n")
    signature[-1] += ending
    return [Line(number + at, f"{indent}{text}") for at, text in enumerate(signature)]
