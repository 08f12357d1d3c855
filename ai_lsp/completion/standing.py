"""What a cursor stands in: code, a comment or a string, and whether a statement ends there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import comment_signs
from ai_lsp.filters.lines import scan_before
from ai_lsp.syntax.languages import keywords
from ai_lsp.syntax.position import PositionKind, position_kind
from ai_lsp.syntax.statement import is_whole

if TYPE_CHECKING:
    from tree_sitter import Node

CODE, COMMENT, STRING, DOCSTRING = "code", "comment", "string", "docstring"

_LONE_CLOSERS = re.compile(r"\s*[)\]}]+[;,]?\s*")
_DOC_QUOTES = ('"""', "'''")
_WORD = re.compile(r"(?<![\w$])[^\W\d]\w*\Z")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a cursor stands in."""

    within: str = CODE
    """`CODE`, `COMMENT`, `STRING` or `DOCSTRING`."""
    whole: bool = False
    """Whether a whole statement ends at the cursor."""


def standing_at(place: Place, root: Node | None = None, lines: Sequence[str] = ()) -> Standing:
    """Return what a cursor stands in.

    With the `root` of the tree of `lines`, which are the whole document's, that is told by it, else by reading the
    text before the cursor.
    """
    column = len(place.line_before)
    within = _within(place, root, lines, column)
    return Standing(within, within == CODE and _is_whole(place, root, lines, column))


def stands_as(place: Place, before: Place) -> bool:
    """Whether a cursor stands as it stood at `before`, from where one character was typed since and nothing else.

    A name that gets longer is a name still, so that no parse is needed to tell; words of the language are not.
    """
    line, was = place.line_before, before.line_before
    if len(line) != len(was) + 1 or not line.startswith(was):
        return False
    if (place.uri, place.line, place.line_after) != (before.uri, before.line, before.line_after):
        return False
    word, shorter = _WORD.search(line), _WORD.search(was)
    if word is None or shorter is None or word[0] == line.lstrip():  # a lone word is more than a name at times
        return False
    return keywords(place.language).isdisjoint((word[0], shorter[0]))


def _within(place: Place, root: Node | None, lines: Sequence[str], column: int) -> str:
    """Tell by the tree; where that has errors, as with a quote that is still to be closed, by the text too."""
    if root is not None and place.line < len(lines):
        kind = position_kind(root, lines, place.line, column)
        if kind is PositionKind.COMMENT:
            return COMMENT
        if kind is PositionKind.STRING:
            return DOCSTRING if _is_docstring(root, place.line, column) else STRING
        if not root.has_error:
            return CODE
    inside = scan_before(place).inside
    if inside in _DOC_QUOTES and place.language == "python":
        return DOCSTRING
    return COMMENT if inside in ("\n", "*/", "-->") else STRING if inside else CODE


def _is_docstring(root: Node, line: int, column: int) -> bool:
    """Whether the string at a place is a statement of its own, which in Python documents what it stands in."""
    node = root.descendant_for_point_range((line, max(0, column - 1)), (line, column))
    while node is not None and "string" in node.type:
        if node.parent is not None and node.parent.type in ("expression_statement", "block", "module"):
            return node.type == "string"
        node = node.parent
    return False


def _is_whole(place: Place, root: Node | None, lines: Sequence[str], column: int) -> bool:
    if place.line_after.strip():
        return False
    line = place.line_before.rstrip()
    if _LONE_CLOSERS.fullmatch(line):
        return True
    if root is not None and place.line < len(lines):
        return is_whole(root, lines, place.line, column)
    # The head of a for loop goes on after its semicolons, and in Lisp one starts a comment.
    return line.endswith(";") and line.count("(") <= line.count(")") and ";" not in comment_signs(place.language)
