"""What a tree declares, in the file's order and with what encloses it: the rules that queries cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ai_lsp.syntax.lines import Place, cut
from ai_lsp.syntax.names import Name, name_in, receiver_in
from ai_lsp.syntax.parsing import Match

if TYPE_CHECKING:
    from tree_sitter import Node

TYPES = frozenset({"class", "struct", "interface", "trait", "enum", "type", "union", "record", "object", "impl"})
"""Kinds whose members are methods and fields."""
FUNCTIONS = frozenset({"function", "method", "constructor", "macro"})
_VALUES = frozenset({"variable", "constant", "field", "property"})
_ATTRIBUTES = frozenset(
    {"decorator", "attribute_list", "attribute", "attribute_item", "annotation", "marker_annotation"}
)
_FUNCTION_VALUE = re.compile("function|lambda|closure")
_MODIFIERS = re.compile(r"[\w\s?|\\]*|template\s*<.*>\s*")
_ENDLESS = 1 << 62


@dataclass(slots=True)
class Declaration:
    """One definition in a tree, or a block such as Rust's impl whose kind is ``impl``."""

    kind: str
    name: str
    parent: str
    start: Place
    """Where its own text begins, after decorators and with modifiers such as ``export``."""
    end: Place
    body: Place | None
    """Where the part begins that its signature leaves out; None for what has none."""
    span: tuple[int, int]
    """First byte and the byte after the last, decorators within the node included."""
    first_line: int
    """The line at which `span` begins."""

    @property
    def path(self) -> str:
        """The name after those of what encloses it, with dots."""
        return f"{self.parent}.{self.name}" if self.parent else self.name


@dataclass(slots=True)
class _Found:
    kind: str
    node: Node
    captures: dict[str, list[Node]]
    span: tuple[int, int]
    pattern: int


@dataclass(slots=True)
class _Stack:
    """What encloses the place that was reached."""

    open: list[tuple[int, Declaration]] = field(default_factory=list)

    def around(self, span: tuple[int, int]) -> Declaration | None:
        """Return the innermost one around `span`; those with the same span are other names of one statement."""
        while self.open and (self.open[-1][0] <= span[0] or self.open[-1][1].span == span):
            self.open.pop()
        return self.open[-1][1] if self.open else None

    def push(self, declaration: Declaration) -> None:
        end = declaration.span[1]
        if declaration.kind == "namespace" and declaration.body is None:
            end = _ENDLESS
        self.open.append((end, declaration))

    def type_around(self) -> Declaration | None:
        return next((one for _, one in reversed(self.open) if one.kind in TYPES), None)


def declarations(matches: Iterable[Match], lines: Sequence[str]) -> list[Declaration]:
    """Return the declarations of the query's matches in a tree over `lines`, which keep their ends.

    Local variables and the methods of nameless objects are left out; a name that an object is given
    several times is there once.
    """
    stack, seen, result = _Stack(), set[tuple[str, str]](), list[Declaration]()
    for found in _in_order(matches):
        if found.kind == "namespace" and found.node.child_by_field_name("body") is None:
            stack.open.clear()  # `namespace A;` holds up to the next one
        outer = stack.around(found.span)
        one = _declaration(found, outer, stack, lines)
        if one is None or (one.kind == "field" and (one.parent, one.name) in seen):
            continue
        if one.kind == "field":
            seen.add((one.parent, one.name))
        stack.push(one)
        result.append(one)
    return result


def _in_order(matches: Iterable[Match]) -> list[_Found]:
    """Sort by place, the outer before the inner; of those for one node and name the first pattern's counts."""
    found: dict[tuple[int, int, int], _Found] = {}
    for pattern, captures in matches:
        for capture, nodes in captures.items():
            if capture.startswith("definition.") or capture == "scope":
                node = nodes[0]
                span = node.byte_range
                name = captures.get("name")
                key = (span[0], -span[1], name[0].start_byte if name else -1)
                if key not in found or found[key].pattern > pattern:
                    kind = "impl" if capture == "scope" else capture[11:]
                    found[key] = _Found(kind, node, captures, span, pattern)
                break
    return [found[key] for key in sorted(found)]


def _declaration(
    found: _Found, outer: Declaration | None, stack: _Stack, lines: Sequence[str]
) -> Declaration | None:
    node = found.node
    name_node = _name_node(found)
    name = name_in(name_node, lines) if name_node is not None else None
    if name_node is None or name is None:
        return None
    name.own |= "own" in found.captures
    body, function = _body(found, node)
    parent = receiver_in(found.captures["parent"][0], lines) if "parent" in found.captures else name.parent
    kind = _kind(found.kind, name, function or name.function, parent, outer)
    if kind is None:
        return None
    holder = stack.type_around() if name.own else outer
    if name.own and holder is None:
        return None
    if holder is not None:
        parent = f"{holder.path}.{parent}" if parent else holder.path
    start, line = _own_start(node, name_node)
    before = cut(lines[start[0]], 0, start[1]) if start[1] and start[0] < len(lines) else ""
    if before and _MODIFIERS.fullmatch(before):
        start = (start[0], len(before) - len(before.lstrip()))
        if kind == "variable" and "const" in before.split():
            kind = "constant"
    if kind == "type" and body is not None and node.type == "type_definition":
        kind = "struct"
    if kind == "variable" and name.text.isupper():
        kind = "constant"
    return Declaration(kind, name.text, parent, start, node.end_point, body, found.span, line)


def _name_node(found: _Found) -> Node | None:
    captured = found.captures.get("name")
    if captured:
        return captured[0]
    node = found.node
    return node.child_by_field_name("name") or node.child_by_field_name("declarator")


def _body(found: _Found, node: Node) -> tuple[Place | None, bool]:
    """Return where the body of a node or of its value begins, and whether its value is a function."""
    captured = found.captures.get("body")
    if captured:
        return captured[0].start_point, False
    body = node.child_by_field_name("body")
    if body is not None:
        return (None if body.type.startswith("ordered") else body.start_point), False  # struct P(i32)
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is None or found.kind not in _VALUES:
        struct = node.child_by_field_name("type") if found.kind == "type" else None
        body = struct.child_by_field_name("body") if struct is not None else None
        return (body.start_point if body is not None else None), False
    body = value.child_by_field_name("body") if _FUNCTION_VALUE.search(value.type) else None
    return (body.start_point, True) if body is not None else (None, False)


def _kind(kind: str, name: Name, function: bool, parent: str, outer: Declaration | None) -> str | None:
    """Return the kind by what encloses the definition; None for what is not to be told."""
    around = outer.kind if outer is not None else ""
    if name.own:
        return "field"
    if function and kind in ("variable", "field"):
        kind = "function"
    elif kind == "field" and parent:  # a member of any object
        return None
    if kind in _VALUES and (around in FUNCTIONS or (around in _VALUES and kind != "constant")):
        return None
    if kind in ("method", "field") and not parent and (not around or around in FUNCTIONS):
        return None
    if around in TYPES or (parent and around not in TYPES and kind == "function"):
        return {"function": "method", "variable": "field"}.get(kind, kind)
    return kind


def _own_start(node: Node, name: Node) -> tuple[Place, int]:
    """Return where a declaration begins after its decorators, and the line at which these begin."""
    start: Place = node.start_point
    first = start[0]
    if name.start_point[0] == first:
        return start, first
    for child in node.children:
        parts = child.children if child.type == "modifiers" else [child]
        for part in parts:
            if part.type not in _ATTRIBUTES:
                return part.start_point, first
    return start, first
