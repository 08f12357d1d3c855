"""White space at the start and the end of a suggestion's lines."""

from __future__ import annotations

import re
from collections import Counter

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lines import SUFFIX_WINDOW, above, before_window, width

_OPENS = re.compile(r"(?:[:{(\[]|=>|\b(?:do|then|else|begin))$")
_MIXED = 0.1
"""The share of the other kind of indentation up to which a file has a style."""
_KEEPS_TRAILING = frozenset({"markdown", "mdx"})
"""Languages in which two spaces at a line's end mean something."""


def indentation(text: str, place: Place) -> Decision:
    """Brings indentation to the file's tabs or spaces and takes off space that is doubled or trailing."""
    head, *rest = text.split("\n")
    head = _first(head, place)
    if any(line[:1] in (" ", "\t") for line in rest):
        rest = _in_style(rest, place)
    lines = [head, *rest]
    if place.language not in _KEEPS_TRAILING:
        lines = [line.rstrip() for line in lines]
    fixed = "\n".join(lines).rstrip()
    return Decision("indentation", fixed, "white space was brought to the file's own" if fixed != text else "")


def _first(line: str, place: Place) -> str:
    before = place.line_before
    if not before or not before[-1].isspace() or line[:1] not in (" ", "\t"):
        return line
    bare = line.lstrip(" \t")
    if before.strip():
        return bare
    over = above(place, 1)
    if over and _OPENS.search(over[0]) and width(before) <= width(over[0]):
        # The editor did not indent the new block, so the suggestion has to.
        return line
    return bare


def _in_style(lines: list[str], place: Place) -> list[str]:
    leads = re.findall(r"^[ \t]+(?=\S)", before_window(place) + place.suffix[:SUFFIX_WINDOW], re.MULTILINE)
    leads = [lead for lead in leads if lead != " "]
    tabs = sum(lead[0] == "\t" for lead in leads)
    # GNU style has both, and nothing can be told from it.
    if not leads or _MIXED * len(leads) < tabs < (1 - _MIXED) * len(leads):
        return lines
    if 2 * tabs > len(leads):
        unit = _unit([line[: len(line) - len(line.lstrip(" "))] for line in lines])
        return [_with_tabs(line, unit) for line in lines]
    spaces = " " * _unit([lead for lead in leads if lead[0] == " "])
    return [_with_spaces(line, spaces) for line in lines]


def _unit(leads: list[str]) -> int:
    """The spaces of one level: the commonest step between neighbouring lines, four when there is none."""
    sizes = [len(lead) for lead in leads]
    steps = Counter(
        abs(one - two) for one, two in zip([0, *sizes], sizes, strict=False) if 1 < abs(one - two) <= 8
    )
    return min(steps, key=lambda step: (-steps[step], step)) if steps else 4


def _with_tabs(line: str, unit: int) -> str:
    bare = line.lstrip(" ")
    size = len(line) - len(bare)
    return "\t" * (size // unit) + " " * (size % unit) + bare


def _with_spaces(line: str, spaces: str) -> str:
    bare = line.lstrip(" \t")
    return line[: len(line) - len(bare)].replace("\t", spaces) + bare
