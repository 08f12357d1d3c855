"""What a document's tree tells of the lines that an action is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.syntax.declarations import FUNCTIONS, TYPES, Declaration, declarations
from ai_lsp.syntax.lines import between
from ai_lsp.syntax.outline import definition_of
from ai_lsp.syntax.parsing import matches

if TYPE_CHECKING:
    from tree_sitter import Node

_ATTRIBUTE = re.compile(r"\s*(?:@\w|#!?\[)")
_DOCSTRING = re.compile(r'\s*[rRuU]?("""|\'\'\')(?:.*?)\1[ \t]*\n?', re.DOTALL)
_COMMENTS = re.compile(r"^[ \t]*(?:#|//)[^\n]*\n?|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_STATEMENTS = ("expression_statement", "block", "module")
_STUB = re.compile(
    r"(?:pass|\.\.\.|return|todo!\(.*\)|unimplemented!\(.*\)|unreachable!\(.*\)|TODO\(.*\)"
    r"|raise\s+NotImplemented(?:Error)?\b.*|panic\(.*\)"
    r"|throw\s+new\s+\w*(?:Error|Exception|NotImplemented|Unsupported)\w*\s*\(.*\))?;?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Definition:
    """A function or type around the lines."""

    name: str
    kind: str
    parent: str
    """The names of what encloses it, with dots."""
    first: int
    """Zero-based line at which it begins, with its decorators."""
    head: int
    """The line at which its own text begins."""
    last: int
    """Inclusive."""
    body: tuple[int, int] | None
    """Line and column (bytes) at which the body begins; None for what has none."""
    end: tuple[int, int]
    """Line and column (bytes) at which it ends."""
    signature: str
    doc: str
    """What its docstring or comment says first; empty for none."""
    stub: bool
    """Whether its body is still to be written."""

    @property
    def is_function(self) -> bool:
        """Whether it can be called, and so be tested and completed."""
        return self.kind in FUNCTIONS


@dataclass(frozen=True)
class Comment:
    """A comment, or a docstring, on one line or several."""

    first: int
    last: int
    """Inclusive."""
    column: int
    """Characters before it on its first line."""


@dataclass(frozen=True)
class Around:
    """What is known of some lines without asking anybody."""

    definition: Definition | None = None
    comment: Comment | None = None


def look(root: Node, grammar: str, lines: Sequence[str], first: int, last: int) -> Around:
    """Return what is around the lines `first` to `last`, inclusive; it takes a millisecond or two."""
    return Around(definition_around(root, grammar, lines, first, last), comment_at(root, lines, first))


def definition_around(root: Node, grammar: str, lines: Sequence[str], first: int, last: int) -> Definition | None:
    """Return the innermost function or type that holds the lines."""
    found = declarations(matches(root, grammar, first, min(len(lines), first + 2)), lines)
    if _ATTRIBUTE.match(lines[first]):
        below = first
        while below + 1 < len(lines) and _ATTRIBUTE.match(lines[below]):
            below += 1
        found = declarations(matches(root, grammar, below, below + 1), lines)
        first, last = (below, below) if last < below else (first, last)
    holding = [
        one
        for one in found
        if one.kind in FUNCTIONS | TYPES and with_attributes(lines, one.first_line) <= first and last <= _last(one)
    ]
    innermost = max(holding, key=lambda one: one.span[0], default=None)
    return _definition(innermost, lines, grammar) if innermost is not None else None


def _definition(one: Declaration, lines: Sequence[str], grammar: str) -> Definition:
    known = definition_of(one, lines, grammar)
    stub = one.body is not None and one.kind in FUNCTIONS and is_stub(between(lines, one.body, one.end))
    return Definition(
        one.name,
        known.kind,
        one.parent,
        with_attributes(lines, one.first_line),
        one.start[0],
        _last(one),
        one.body,
        one.end,
        known.signature,
        known.doc,
        stub,
    )


def with_attributes(lines: Sequence[str], line: int) -> int:
    """Return the line at which decorators or attributes right above `line` begin; itself where there are none."""
    while line and _ATTRIBUTE.match(lines[line - 1]):
        line -= 1
    return line


def _last(one: Declaration) -> int:
    line, column = one.end
    return line - 1 if column == 0 and line > one.start[0] else line


def is_stub(body: str) -> bool:
    """Whether nothing is in a body but a docstring, comments and a statement that stands for what is to come."""
    rest = _DOCSTRING.sub("", body, count=1) if body.lstrip()[:4].lstrip("rRuU")[:3] in ('"""', "'''") else body
    rest = _COMMENTS.sub("", rest).strip()
    if rest.startswith("{") and rest.endswith("}"):
        rest = rest[1:-1].strip()
    return _STUB.fullmatch(rest) is not None


def comment_at(root: Node, lines: Sequence[str], line: int) -> Comment | None:
    """Return the comment that `line` has, with those right above and below where they fill their lines."""
    if line >= len(lines) or not lines[line].strip():
        return None
    node = _comment_node(root, lines, line)
    if node is None:
        return None
    (first, column), (last, end) = node.start_point, node.end_point
    last -= end == 0 and last > first
    column = len(lines[first].encode()[:column].decode("utf-8", "replace"))
    if not lines[first][:column].strip():
        first, last = _whole(root, lines, first, last)
    return Comment(first, last, column)


def _whole(root: Node, lines: Sequence[str], first: int, last: int) -> tuple[int, int]:
    def fills(line: int) -> bool:
        return 0 <= line < len(lines) and _is_line_comment(root, lines, line)

    while fills(first - 1) and fills(first):
        first -= 1
    while fills(last + 1) and fills(last):
        last += 1
    return first, last


def _is_line_comment(root: Node, lines: Sequence[str], line: int) -> bool:
    bare = lines[line].strip()
    return bare.startswith(("#", "//", "--", ";", "%")) and _comment_node(root, lines, line) is not None


def _comment_node(root: Node, lines: Sequence[str], line: int) -> Node | None:
    text = lines[line].rstrip("\r\n")
    bare = len(text) - len(text.lstrip())
    for column in dict.fromkeys((bare, len(text.rstrip()) - 1)):
        at = len(text[:column].encode("utf-8", "replace"))
        node = root.descendant_for_point_range((line, at), (line, at + 1))
        while node is not None and node.parent is not None and not _is_comment(node):
            node = node.parent
        if node is not None and _is_comment(node):
            return node
    return None


def _is_comment(node: Node) -> bool:
    if "comment" in node.type:
        return node.parent is None or "comment" not in node.parent.type
    parent = node.parent
    return node.type == "string" and parent is not None and parent.type in _STATEMENTS
