"""What a question names: `@file:path`, `@symbol:name`, `@diff`, `@diagnostics`, `@repo`, and `/action`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["file", "symbol", "diff", "diagnostics", "repo"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_MENTION = re.compile(
    r"(?<![\w@.])@(?:(?P<named>file|symbol):(?:\"(?P<quoted>[^\"\n]+)\"|(?P<bare>[^\s,;\"]+))"
    r"|(?P<alone>diff|diagnostics|repo)\b(?![\w:]|\.\w))"
)
_SLASH = re.compile(r"\s*/(?P<name>[\w-]+)(?:\s+(?P<rest>.*))?\Z", re.DOTALL)
_PUNCTUATION = "?!.:)"


@dataclass(frozen=True)
class Mention:
    """One thing that the question wants to be looked at."""

    kind: Kind
    name: str = ""
    """A file's path or a symbol's name; empty for the others."""


def mentions(text: str) -> list[Mention]:
    """Return what a question names, in its order, each once."""
    found: dict[Mention, None] = {}
    for one in _MENTION.finditer(text):
        kind = one["named"] or one["alone"]
        name = one["quoted"] or (one["bare"] or "").rstrip(_PUNCTUATION)
        for known in KINDS:
            if kind == known and (name or not one["named"]):
                found[Mention(known, name)] = None
    return list(found)


def slash(text: str) -> tuple[str, str] | None:
    """Return the name after the slash with which a text begins, and the rest; None where it begins otherwise."""
    found = _SLASH.match(text)
    return (found["name"], (found["rest"] or "").strip()) if found else None
