"""Whether a statement is whole at a place, by the tree of its document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ai_lsp.syntax.source import size

if TYPE_CHECKING:
    from tree_sitter import Node

_HOLDS_STATEMENTS = re.compile(
    r"(?:^|_)(?:module|program|block|body|suite|chunk|statements|source_file|translation_unit|compilation_unit|"
    r"compound_statement|body_statement|statement_list|declaration_list|statement_group|do_group|spec_list|object_type|interface_type)$"
    r"|^(?:then|else|do|switch_case|switch_default|switch_body|expression_case|default_case|case_statement|begin)$"
)
"""Types of nodes whose children are statements, as far as grammars agree on their names."""
_GOES_ON = frozenset(":,.=+-*/%&|<([{\\^~@")
"""Signs with which no statement ends, whatever a parser that mends errors makes of them."""
_ENDS = (";", "}")
"""Signs after which white space is not the beginning of more."""
_LAST_WORDS = frozenset(
    {"pass", "break", "continue", "end", "fi", "done", "esac", "true", "false", "null", "nil", "none", "undefined"}
)
"""Words of the language with which a statement may end; after any other one goes on."""


def is_whole(root: Node, lines: Sequence[str], line: int, column: int) -> bool:
    """Whether the code before `line` and `column`, in code points, ends a statement that begins its line.

    It says nothing of a name that is still being typed: ``x = fo`` is whole. False where the tree has an error in
    the statement, for a blank line, for a lone name, and after white space, with which one begins to go on.
    """
    return statement_before(root, lines, line, column) is not None


def statement_before(root: Node, lines: Sequence[str], line: int, column: int) -> Node | None:
    """Return the node of the statement that is whole at a place, as `is_whole` says it."""
    text = lines[line][:column] if line < len(lines) else ""
    before = text.rstrip()
    if not before or before[-1] in _GOES_ON or (before != text and not before.endswith(_ENDS)):
        return None
    if (word := before.lstrip()).isidentifier() and word not in _LAST_WORDS:
        return None
    end = line, size(before)
    node = root.descendant_for_point_range((line, end[1] - 1), end)
    if node is None or _asks_for_more(node):
        return None
    if node.type == ";" and _is_among_statements(node):
        before_it = node.prev_sibling
        return before_it if before_it is not None and _is_sound(before_it, lines) else None
    while tuple(node.end_point) == end and node.parent is not None:
        if _is_among_statements(node) and node.is_named and _begins_line(node, lines):
            return None if node.has_error else node
        node = node.parent
    return None


def _asks_for_more(node: Node) -> bool:
    """Whether a node is a word of the language after which one goes on; ``number`` alone is a whole type."""
    if node.is_named or not node.type.isalpha() or node.type.lower() in _LAST_WORDS:
        return False
    parent = node.parent
    return parent is None or parent.child_count > 1 or "type" not in parent.type


def _is_among_statements(node: Node) -> bool:
    return node.parent is not None and _HOLDS_STATEMENTS.search(node.parent.type) is not None


def _is_sound(node: Node, lines: Sequence[str]) -> bool:
    return not node.has_error and _begins_line(node, lines)


def _begins_line(node: Node, lines: Sequence[str]) -> bool:
    row, column = node.start_point
    text = lines[row]
    return size(text[: len(text) - len(text.lstrip())]) == column
