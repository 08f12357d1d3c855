"""How much of a suggestion may stay that has something in it which must not be shown."""

from __future__ import annotations

import re

from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import scan
from ai_lsp.filters.lines import says_something, scan_before, starts

_OPENS = re.compile(r"(?:[:{(\[,\\=+]|=>|\b(?:do|then|else|begin))[ \t]*$")
"""Ends of lines that promise another one."""
_DECORATES = re.compile(r"[ \t]*[@#]")
"""Starts of lines that belong to the one below."""


def before(text: str, at: int, place: Place) -> str:
    """Return the whole statements of `text` before the one that has the offset `at`; empty for none worth showing.

    Brackets that the text opens must be closed again, and no line may announce the one that is left out.
    """
    inside = scan_before(place).inside
    for start, _ in reversed(starts(text[: max(at, 0)])[1:]):
        kept = text[:start].rstrip()
        if not kept:
            break
        found = scan(kept, place.language, inside)
        if found.opened or found.inside or found.left < 0:
            continue
        last = (place.line_before + kept).rpartition("\n")[2]
        if _OPENS.search(last) or _DECORATES.match(last):
            continue
        if any(says_something(line) for line in (place.line_before + kept).split("\n")):
            return kept
    return ""
