"""The name in what a query captured as one: a declarator, a path, a member of an object."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.syntax.lines import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SEPARATOR = re.compile(r"::|\.|\\")
_LAST_TYPE = re.compile(r"([^\W\d]\w*)\s*(?:[\[<].*)?\)?$", re.DOTALL)
_LONGEST = 120
_OWN_OBJECTS = frozenset({"self", "this", "cls", "@"})
_EXPORTS = frozenset({"exports", "module.exports", "module"})


@dataclass(slots=True)
class Name:
    """A name and what its place tells of the definition."""

    text: str
    parent: str = ""
    """What it is a member of, with dots, where that is written with the name."""
    function: bool = False
    """Whether it is declared with parameters."""
    own: bool = False
    """Whether it is a member of `self` or `this`."""


def name_in(node: Node, lines: Sequence[str]) -> Name | None:
    """Return the name in the node that a query captured; None where it is no name."""
    node, function = _innermost(node)
    kind = node.type
    if kind.endswith("_pattern") or kind.endswith("_list"):  # destructuring
        return None
    if kind in ("member_expression", "attribute"):
        return _member(node, lines)
    if kind in ("generic_type", "reference_type", "type"):
        inner = node.child_by_field_name("type") or (node.named_child(0) if node.named_child_count else None)
        return name_in(inner, lines) if inner is not None else None
    text = text_of(node, lines)
    if kind in ("string", "string_literal"):
        return Name(text.strip("\"'`"))
    if "\n" in text or not 0 < len(text) <= _LONGEST:
        return None
    if "operator" in kind:
        return Name(text, function=function)
    *outer, last = _SEPARATOR.split(text)
    return Name(last.lstrip("$"), ".".join(map(_bare, filter(None, outer))), function) if last else None


def receiver_in(node: Node, lines: Sequence[str]) -> str:
    """Return the type in what a query captured as the parent: ``(s *Server[T])`` is ``Server``."""
    text = text_of(node, lines)
    found = _LAST_TYPE.search(text.strip())
    return found[1] if found else ""


def _innermost(node: Node) -> tuple[Node, bool]:
    """Go into the declarators of C's family; tell whether the innermost but one has parameters."""
    function = False
    while "declarator" in node.type:
        inner = node.child_by_field_name("declarator") or node.child_by_field_name("name")
        if inner is None:
            inner = node.named_child(0) if node.named_child_count else None
        if inner is None:
            break
        function = node.type == "function_declarator" and inner.type != "parenthesized_declarator"
        node = inner
    return node, function


def _member(node: Node, lines: Sequence[str]) -> Name | None:
    holder = node.child_by_field_name("object")
    last = node.child_by_field_name("property") or node.child_by_field_name("attribute")
    if holder is None or last is None:
        return None
    of = text_of(holder, lines)
    if of in _OWN_OBJECTS:
        return Name(text_of(last, lines), own=True)
    parent = "" if of in _EXPORTS else of.removesuffix(".prototype").removeprefix("exports.")
    return None if len(of) > _LONGEST or "\n" in of or "(" in of else Name(text_of(last, lines), parent)


def _bare(name: str) -> str:
    """Return a name without its type arguments."""
    return name.partition("<")[0]
