"""Whether a place is in code, in a comment or in a string."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from ai_lsp.syntax.lines import text_of
from ai_lsp.syntax.source import size

if TYPE_CHECKING:
    from tree_sitter import Node

_CODE = ("interpolation", "substitution", "embedded")
"""Parts of types of nodes that hold code within a string."""
_STRINGS = ("string", "char_literal", "character", "heredoc", "regex")
_DEPTH = 8
"""How many nodes upwards are looked at: the parts of a comment or of a string are not nested further."""


class PositionKind(str, Enum):
    """What is written at a place."""

    CODE = "code"
    COMMENT = "comment"
    STRING = "string"


def position_kind(root: Node, lines: Sequence[str], line: int, column: int) -> PositionKind:
    """Return what the place at `line` and `column`, in code points, is in; by the names that grammars use.

    The place before a string's first quote and after its last is code; the end of a line comment is in it.
    """
    place = line, size(lines[line][:column]) if line < len(lines) else 0
    node = root.descendant_for_point_range((line, max(0, place[1] - 1)), place)
    for _ in range(_DEPTH):
        if node is None or any(part in node.type for part in _CODE):
            break
        inside = tuple(node.start_point) < place < tuple(node.end_point)
        if "comment" in node.type and (inside or _runs_on(node, lines, place)):
            return PositionKind.COMMENT
        if inside and node.is_named and any(part in node.type for part in _STRINGS):
            return PositionKind.STRING
        node = node.parent
    return PositionKind.CODE


def _runs_on(node: Node, lines: Sequence[str], place: tuple[int, int]) -> bool:
    """Whether `place` is the end of a comment that only the end of its line ends."""
    if tuple(node.end_point) != place or node.start_point[0] != place[0]:
        return False
    return not text_of(node, lines).endswith(("*/", "-->", "|#", "-}", "=#", "*)"))
