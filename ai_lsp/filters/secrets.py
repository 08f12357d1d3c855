"""Passwords, keys and tokens that a model has learnt by heart or makes up.

They are found as in prompts. detect-secrets 1.5 was measured here too: it finds the same 200 of 200 planted
secrets of 20 kinds, in 0.9 ms a suggestion instead of 0.1, and its import takes 155 ms and 20 MB.
"""

from __future__ import annotations

import re

from ai_lsp.completion.place import Place
from ai_lsp.filters import cutting
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import scan
from ai_lsp.filters.lines import scan_before
from ai_lsp.privacy.secrets import PLACEHOLDER, spans

_BEFORE, _AFTER = 1000, 200
"""Characters before and after the cursor that are read, at most."""
_QUOTES = frozenset("\"'`")
_BEGUN = re.compile(
    r"(?:(?:AKIA|ASIA)[A-Z0-9]{4,}|gh[pousr]_\w{6,}|github_pat_\w{6,}|gl(?:pat|ptt|dt|rt)-[\w-]{6,}|npm_[A-Za-z0-9]{8,}|"
    r"[\w.~-]{3,4}8Q~[\w.~-]{6,}|sk-[\w-]{8,}|xox[abeoprs]-[\w-]{4,}|AIza[\w-]{8,}|(?:AC|SK)[a-f0-9]{12,}|"
    r"://[^\s/:@]{1,128}:(?![\d{$<%])[^\s/:@\"'`{}]{4,}|(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{16,})$"
)
"""The start of a key or a password that the text leaves off in, within quotes."""


def secrets(text: str, place: Place) -> Decision:
    """Cuts before a line with what looks like a password, a key, a token or a private key."""
    if (at := text.find(PLACEHOLDER)) >= 0:
        # Prompts have it where the document has a secret, and a model copies it.
        return Decision("secrets", cutting.before(text, at, place), "the stand-in for a secret was repeated")
    found = secret_spans(text, place)
    if not found:
        return Decision("secrets", text)
    kept = cutting.before(text, found[0][0], place)
    return Decision("secrets", kept, "what looks like a password, a key or a token")


def secret_spans(text: str, place: Place) -> list[tuple[int, int]]:
    """Return start and end of what in `text` belongs to a secret, by the lines around the cursor too, in order.

    A start below 0 is before the cursor, an end above the text's is after it.
    """
    before = _before(place)
    quote = scan(text, place.language, scan_before(place).inside).inside
    rest = place.line_after[:_AFTER]
    whole = before + text + (quote if quote in _QUOTES and quote not in rest else "") + rest
    first, last = len(before), len(before) + len(text)
    found = [(start - first, end - first) for start, end in spans(whole) if start < last and first < end]
    if not found and quote in _QUOTES and (begun := _BEGUN.search((place.line_before + text)[-_AFTER:])):
        found = [(len(text) - len(begun[0]), len(text))]
    return found


def _before(place: Place) -> str:
    recent = place.prefix[-_BEFORE:]
    # Of a key in several lines the first one tells what it is; all else is told by its line.
    return recent if "PRIVATE KEY" in recent or "Private-Lines" in recent else place.line_before[-_BEFORE:]
