"""Suggestions with nothing in them, or nothing but a promise of code."""

from __future__ import annotations

import re

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
    signs = [re.escape(sign) for sign in comment_signs(place.language)]
    if has_block_comments(place.language):
        signs += [r"/\*", r"\*"]
    if is_markup(place.language):
        signs.append("<!--")
    # Closing a comment that stands open is worth showing.
    if not signs or text.strip() in ("*/", "-->"):
        return Decision("blank", text)
    empty = re.compile(rf"\s*(?:(?:{'|'.join(signs)}){_RULER}(?:-->)?)?\s*")
    if all(empty.fullmatch(line) for line in text.split("\n")):
        return Decision("blank", "", "nothing but comment signs")
    if not scan_before(place).inside and _promises(text.split("\n"), signs):
        return Decision("blank", "", "nothing but a placeholder for code")
    return Decision("blank", text)


def _promises(lines: list[str], signs: list[str]) -> bool:
    """Whether the lines are comments that say that code is to come, with at most what does nothing beside them."""
    sign = rf"\s*(?:{'|'.join(signs)})[\s.]*"
    comments = [line for line in lines if line.strip() and line.strip() not in _NOTHING]
    return bool(comments) and all(
        (found := re.match(sign, line)) and _PLACEHOLDER.fullmatch(line[found.end() :].strip(" \t.!*/:"))
        for line in comments
    )
