"""Suggestions with nothing in them."""

from __future__ import annotations

import re

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import comment_signs, has_block_comments, is_markup

_RULER = r"[\s\-=*#_~/+]*"


def blank(text: str, place: Place) -> Decision:
    """Keeps back a suggestion of white space or empty comments only."""
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
    return Decision("blank", text)
