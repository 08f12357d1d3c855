"""Closing brackets and quotes that the document already has."""

from __future__ import annotations

from collections import deque

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import PAIRS, Scan, scan
from ai_lsp.filters.lines import SUFFIX_WINDOW, before_window, width


def brackets(text: str, place: Place) -> Decision:
    """Cuts before a closing bracket or quote that the document already has or never opened."""
    prefix = before_window(place)
    before = scan(prefix, place.language)
    found = scan(text, place.language, before.inside)
    if found.left > 0 and _quote_follows(before.inside, place):
        at = found.left - len(before.inside)
        return Decision("brackets", text[:at], f"the closing {before.inside} is already there")
    wanted = _wanted(prefix, before, place)
    for depth, at in enumerate(found.extra):
        if depth >= len(wanted) or wanted[depth] != text[at]:
            return Decision("brackets", text[:at].rstrip(), f"the closing {text[at]} has nothing to close")
    return Decision("brackets", text)


def _quote_follows(quote: str, place: Place) -> bool:
    if not quote or quote in ("\n", "*/"):
        return False
    if len(quote) > 1:
        return place.suffix.lstrip().startswith(quote)
    return place.line_after.count(quote) % 2 == 1


def _wanted(prefix: str, before: Scan, place: Place) -> list[str]:
    """The bracket that closes each one open at the cursor, innermost first; ``""`` where the suffix has it."""
    suffix = place.suffix[:SUFFIX_WINDOW]
    closers = deque(scan(suffix, place.language, before.inside).extra)
    wanted = []
    for at in reversed(before.opened):
        closer = PAIRS[prefix[at]]
        if closers and suffix[closers[0]] == closer and not _closes_outer(prefix, at, place, closers[0]):
            closers.popleft()
            closer = ""
        wanted.append(closer)
    return wanted


def _closes_outer(prefix: str, opener: int, place: Place, closer: int) -> bool:
    """Whether the suffix's closer, first on its line, stands further left than the line of the opener."""
    line = place.suffix.rfind("\n", 0, closer) + 1
    lead = place.suffix[line:closer] if line else place.line_before + place.suffix[:closer]
    if lead.strip():
        return False
    return width(lead) < width(prefix[prefix.rfind("\n", 0, opener) + 1 :])
