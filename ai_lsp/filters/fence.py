"""Markdown fences that a chat model puts around code."""

from __future__ import annotations

import re

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lines import scan_before

_PROSE = frozenset({"markdown", "mdx", "plaintext", "text", "restructuredtext", "git-commit", "gitcommit"})
_OPENING = re.compile(r"\s*(?:```|~~~)[\w+#.-]*[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"^(?:```|~~~)", re.MULTILINE)


def fence(text: str, place: Place) -> Decision:
    """Takes off a Markdown fence that starts the text, and cuts before one that ends it."""
    if ("```" not in text and "~~~" not in text) or _may_have_fences(place):
        return Decision("fence", text)
    rest, found = text, _OPENING.match(text)
    while found:
        rest = rest[found.end() :]
        found = _OPENING.match(rest)
    if closing := _CLOSING.search(rest):
        rest = rest[: closing.start()].rstrip()
    if rest == text:
        return Decision("fence", text)
    return Decision("fence", rest, "a Markdown fence was taken off")


def _may_have_fences(place: Place) -> bool:
    if place.language in _PROSE or "```" in place.prefix or "```" in place.suffix:
        return True
    # Documentation comments and docstrings hold examples in fences.
    return bool(scan_before(place).inside)
