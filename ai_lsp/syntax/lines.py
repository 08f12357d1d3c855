"""Texts of nodes, cut from a list of lines: no tree has to hold the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Place = tuple[int, int]
"""A line and a column in UTF-8 bytes, as tree-sitter counts them."""


def cut(line: str, start: int, end: int | None = None) -> str:
    """Return the part of `line` between two columns in bytes."""
    if line.isascii():
        return line[start:end]
    return line.encode()[start:end].decode("utf-8", "replace")


def between(lines: Sequence[str], start: Place, end: Place) -> str:
    """Return the text between two places; what is out of range is empty."""
    (first, left), (last, right) = start, end
    if first >= len(lines):
        return ""
    if first == last:
        return cut(lines[first], left, right)
    tail = cut(lines[last], 0, right) if last < len(lines) else ""
    return cut(lines[first], left) + "".join(lines[first + 1 : last]) + tail


def text_of(node: Node, lines: Sequence[str]) -> str:
    """Return the text of a node; lines keep their ends."""
    return between(lines, node.start_point, node.end_point)
