"""Code as search terms."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_OPERATORS = (
    "<=>", "===", "!==", "...", "**=", "<<=", ">>=", "//=", "..=", "->", "=>", "::", ":=", "!=", "==", "<=", ">=",
    "&&", "||", "<<", ">>", "**", "??", "?.", "?:", "<-", "|>", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=",
    "|=", "^=", "..", "=~", "!~", "@@", "~>",
)  # fmt: skip
"""Those of one character are everywhere and tell nothing."""

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*\w|" + "|".join(map(re.escape, _OPERATORS)))
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST = 48
"""Characters; what is longer is data: a hash, a key, base64."""


def tokens(text: str) -> list[str]:
    """Return the search terms of `text` in their order, each as often as it occurs.

    They are: identifiers, in lower case, whole and, after that, in their parts by camelCase and snake_case;
    numbers; operators of two characters and more. A term has 2 to 48 characters and no white space.
    """
    return [term for found in _TOKEN.findall(text) for term in _terms(found)]


@lru_cache(maxsize=1 << 13)
def _terms(found: str) -> tuple[str, ...]:
    whole = found.lower()
    if not 2 <= len(whole) <= _LONGEST:
        return ()
    if not found[0].isalpha() and found[0] != "_":
        return (whole,)
    parts = [part.lower() for part in _parts(found)]
    return (whole, *(part for part in parts if len(part) >= 2 and part != whole))


def _parts(name: str) -> list[str]:
    if name.isascii():
        return _PART.findall(name)
    humps = (f"_{here}" if here.isupper() and before.islower() else here for before, here in pairwise(f"_{name}"))
    return "".join(humps).split("_")
