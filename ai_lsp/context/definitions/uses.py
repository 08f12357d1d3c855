"""Which names the cursor's neighbourhood uses, and how much the definition of each would help there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ai_lsp.completion.place import Place

Chain = tuple[str, ...]
"""A name and the attributes after it: ``np.linalg.norm`` is ``("np", "linalg", "norm")``."""

_LINK = r"(?:\?\.|\.|->|::)"
_CHAIN = re.compile(rf"[^\W\d]\w*(?:{_LINK}[^\W\d]\w*)*")
_LAST = re.compile(_CHAIN.pattern + "$")
_CALL = re.compile(r"\s*!?\(")
_ACCESS = re.compile(rf"([^\W\d]\w*(?:{_LINK}\w+)*)(\([^()]*\))?({_LINK})(\w*)$")
_OPEN = re.compile(rf"([^\W\d]\w*(?:{_LINK}\w+)*)(?:<[^<>()]*>)?$")
_IMPORT = re.compile(r"^\s*(?:from|import|use|using|pub use|#\s*include|require|require_relative|package)\b")
_COMMENT = re.compile(r"[ \t]*(?:#(?!include)|//|\*|--)")

_LINES_BEFORE, _LINES_AFTER = 30, 3
_OPEN_CHARS = 2000
_LONGEST_LINE = 500
_NEARNESS = 0.93
"""How much less a name counts for each line that it is further away."""
_NOT_CALLED = 0.75
_AFTER = 0.6
_IMPORTED = 0.5
"""How much a line counts that only imports."""


@dataclass(frozen=True)
class Use:
    """A name as it is used near the cursor."""

    chain: Chain
    weight: float
    """0 to 1: 1 for what is called on the cursor's line or around the cursor."""


@dataclass(frozen=True)
class Access:
    """What stands before the cursor where the name of a member is wanted."""

    chain: Chain
    called: bool
    """Whether it is what a call of `chain` returns."""
    partial: str
    """What is already written of the member."""
    link: str = field(default=".", compare=False)
    """What stands between the two."""


def links(text: str) -> Chain:
    """Return the parts of a dotted name."""
    return tuple(re.split(_LINK, text))


def access(line_before: str) -> Access | None:
    """Return what a member is wanted of, at the end of `line_before`."""
    found = _ACCESS.search(line_before[-_LONGEST_LINE:])
    return Access(links(found[1]), found[2] is not None, found[4], found[3]) if found else None


def uses(place: Place) -> list[Use]:
    """Return the names near the cursor, most wanted first, each once."""
    before = place.prefix.split("\n")[-_LINES_BEFORE:]
    after = place.suffix.split("\n", _LINES_AFTER)[:_LINES_AFTER]
    found: dict[Chain, float] = {}
    if call := open_call(place.prefix):
        found[call] = 1.0
    for distance, line in enumerate(reversed(before)):
        _collect(found, line[-_LONGEST_LINE:], _NEARNESS**distance)
    for distance, line in enumerate(after):
        _collect(found, line[:_LONGEST_LINE], _AFTER * _NEARNESS**distance)
    if partial := _unfinished(place):
        found.pop(partial, None)
    ordered = sorted(found.items(), key=lambda one: -one[1])
    return [Use(chain, weight) for chain, weight in ordered]


def open_call(prefix: str) -> Chain | None:
    """Return what is called by the innermost parenthesis that is still open before the cursor."""
    text = prefix[-_OPEN_CHARS:]
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] in ")]}":
            depth += 1
        elif text[at] in "([{":
            depth -= 1
        if depth < 0:
            found = _OPEN.search(text[max(0, at - _LONGEST_LINE) : at])
            comment = _COMMENT.match(text, text.rfind("\n", 0, at) + 1)
            return links(found[1]) if found and text[at] == "(" and not comment else None
    return None


def _collect(found: dict[Chain, float], line: str, nearness: float) -> None:
    if _COMMENT.match(line):
        return
    imported = _IMPORT.match(line) is not None
    for match in _CHAIN.finditer(line):
        weight = nearness * (_IMPORTED if imported else 1.0)
        weight *= 1.0 if _CALL.match(line, match.end()) else _NOT_CALLED
        chain = links(match[0])
        found[chain] = max(weight, found.get(chain, 0.0))


def _unfinished(place: Place) -> Chain | None:
    """Return the name that the cursor stands right behind: what it will be is not known yet."""
    found = _LAST.search(place.line_before[-_LONGEST_LINE:])
    return links(found[0]) if found else None
