"""Parsing, and searching trees, in a way that lets other threads go on.

py-tree-sitter holds the interpreter's lock, but for the moments in which it calls back into Python.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ai_lsp.syntax.languages import grammar_of, new_parser, parser_for
from ai_lsp.syntax.query import query_for
from ai_lsp.syntax.source import Reader, Source

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

Match = tuple[int, dict[str, list["Node"]]]
"""The number of a pattern of the query, and what it captured."""

_SECONDS = 10.0
"""After so long a text is given up: it is not of that language."""
_ROWS = 1000
"""Lines that are searched at once, in which no other thread goes on; it takes 1 to 3 ms."""


def prepare(language: str) -> None:
    """Load what is needed of an LSP language id: up to 40 ms, which are better spent in a thread, beforehand."""
    parser_for(language)
    query_for(grammar_of(language))


def parse(lines: Sequence[str], grammar: str, seconds: float = _SECONDS) -> Tree | None:
    """Return the tree of `lines`, which keep their ends; None for no grammar, and when it takes too long."""
    parser = new_parser(grammar)
    if parser is None:
        return None
    end = time.monotonic() + seconds
    try:
        return parse_until(parser, Source(lines), lambda: time.monotonic() > end)
    except ValueError:
        return None


def parse_until(parser: Parser, reader: Reader, stop: Callable[[], bool], old: Tree | None = None) -> Tree | None:
    """Return the tree of what is read, sooner where it is much like that of `old`; None where `stop` said so.

    The parser goes on from there when it is called again with the same, unless it is reset. Raises ValueError
    where tree-sitter cannot parse the text at all.
    """
    stopped = False

    def progress(_offset: int, _has_error: bool) -> bool:
        nonlocal stopped
        stopped = stop()
        return stopped

    reader.parsing = True
    try:
        if old is None:  # py-tree-sitter takes no None for it
            return parser.parse(reader, progress_callback=progress)
        return parser.parse(reader, old, progress_callback=progress)
    except ValueError:
        if not stopped:
            raise
        return None
    finally:
        reader.parsing = False


def matches(root: Node, grammar: str, first: int = 0, stop: int | None = None) -> list[Match]:
    """Return the matches of the grammar's queries that touch the lines from `first` up to, but without, `stop`.

    What is longer than some lines may be there several times.
    """
    query = query_for(grammar)
    if query is None:
        return []
    from tree_sitter import QueryCursor

    stop = root.end_point[0] + 1 if stop is None else stop
    cursor = QueryCursor(query)
    found: list[Match] = []
    # The callback by which a query could be interrupted crashes in py-tree-sitter 0.26.1.
    for row in range(first, stop, _ROWS):
        cursor.set_point_range((row, 0), (min(stop, row + _ROWS), 0))
        found += cursor.matches(root)
    return found
