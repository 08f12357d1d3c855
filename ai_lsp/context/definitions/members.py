"""Which members of a class or module are likeliest to follow the dot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai_lsp.syntax.outline import Definition

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHORTEST = 3
"""Characters that a part of a name must have to say what it is about."""


def parts(name: str) -> frozenset[str]:
    """Return the words of a name in camelCase or snake_case, in lower case."""
    return frozenset(word.lower() for word in _WORD.findall(name) if len(word) >= _SHORTEST)


def ranked(
    members: Iterable[Definition], partial: str, names: Sequence[str], *, private: bool
) -> list[Definition]:
    """Return what may follow the dot, likeliest first.

    `partial` is what is already written of it, `names` are the identifiers near the cursor. With a partial word
    only what has it comes back, unless nothing has it. Names that start with an underscore are for the class's own
    methods (`private`) or for who writes the underscore.
    """
    known = frozenset().union(*map(parts, names)) if names else frozenset()
    seen: set[str] = set()
    open_ones: list[Definition] = []
    for member in members:
        hidden = member.name.startswith("__") or (member.name.startswith("_") and not private)
        if member.name not in seen and (not hidden or partial.startswith("_")):
            open_ones.append(member)
        seen.add(member.name)
    fitting = [member for member in open_ones if _fit(member.name, partial)] or open_ones
    return sorted(fitting, key=lambda one: (-_fit(one.name, partial), -len(parts(one.name) & known)))


def _fit(name: str, partial: str) -> int:
    name, partial = name.lower(), partial.lower()
    return 2 * name.startswith(partial) + (partial in name) if partial else 0
