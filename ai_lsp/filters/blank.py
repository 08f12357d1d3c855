"""Suggestions with nothing in them, or nothing but a promise of code."""

from __future__ import annotations

import re
from functools import lru_cache

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import comment_signs, has_block_comments, is_markup
from ai_lsp.filters.lines import scan_before

_PLACEHOLDER = re.compile(
    r"(?:TODO\W*)?(?:(?:add|write|insert|put|place|type)\s+)?(?:your|more|the\s+rest\s+of\s+the|rest\s+of\s+the|existing"
    r"|remaining|other|some)\s+(?:\w+\s+)?(?:code|logic|implementation|methods?|functions?|tests?|imports?)"
    r"(?:\s+(?:goes\s+)?(?:here|below|remains?|unchanged|as\s+before)|\s+here)?"
    r"|(?:TODO\W*)?implement(?:ation)?(?:\s+(?:this|the|your|me|it))?(?:\s+(?:function|method|class|logic|code))?"
    r"(?:\s+(?:goes\s+)?here)?"
    r"|TODO",
    re.IGNORECASE,
)
"""What stands in a comment where code is still to come."""
_NOTHING = frozenset({"pass", "...", ";"})
_RULER = r"[\s\-=*#_~/+]*"


def blank(text: str, place: Place) -> Decision:
    """Keeps back a suggestion of white space, empty comments or placeholders for code only."""
    if not text.strip():
        return Decision("blank", "", "nothing but white space")
    patterns = _patterns(place.language)
    # Closing a comment that stands open is worth showing.
    if patterns is None or text.strip() in ("*/", "-->"):
        return Decision("blank", text)
    empty, sign = patterns
    if all(empty.fullmatch(line) for line in text.split("\n")):
        return Decision("blank", "", "nothing but comment signs")
    if _promises(text.split("\n"), sign) and not scan_before(place).inside:
        return Decision("blank", "", "nothing but a placeholder for code")
    return Decision("blank", text)


@lru_cache(maxsize=64)
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Return what is an empty line or comment, and what is a comment's start; None where nothing is known."""
    signs = [re.escape(sign) for sign in comment_signs(language)]
    if has_block_comments(language):
        signs += [r"/\*", r"\*"]
    if is_markup(language):
        signs.append("<!--")
    if not signs:
        return None
    any_sign = "|".join(signs)
    return re.compile(rf"\s*(?:(?:{any_sign}){_RULER}(?:-->)?)?\s*"), re.compile(rf"\s*(?:{any_sign})[\s.]*")


def _promises(lines: list[str], sign: re.Pattern[str]) -> bool:
    """Whether the lines are comments that say that code is to come, with at most what does nothing beside them."""
    comments = [line for line in lines if line.strip() and line.strip() not in _NOTHING]
    return bool(comments) and all(
        (found := sign.match(line)) and _PLACEHOLDER.fullmatch(line[found.end() :].strip(" \t.!*/:"))
        for line in comments
    )
