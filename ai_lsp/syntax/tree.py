"""The syntax tree of an open document, updated with each edit and never parsed for long at once.

py-tree-sitter holds the interpreter's lock while it parses (its allocator is Python's), so that a thread would
not help. A parse is interrupted every 2 ms instead, and resumed when the event loop has had its turn.
"""

from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ai_lsp import timeslice
from ai_lsp.documents import Document
from ai_lsp.edits import Edit
from ai_lsp.syntax.languages import grammar_of, new_parser
from ai_lsp.syntax.parsing import parse_until
from ai_lsp.syntax.source import Source, size

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

log = logging.getLogger(__name__)

LIMIT = 400_000
"""Bytes above which a document gets no tree: to free one holds the event loop up, by some 10 ms a megabyte."""
_ALL = 1_500_000
"""Bytes of all documents that have trees: a tree takes up to 25 times the memory of its text."""
_SLICE = 0.002
"""Seconds of parsing between two turns of the event loop."""
_AFTER = 0.005
"""Seconds before the work for the next time begins: who could not wait for it answers first."""
_MEASURED_AT_ONCE = 8192

_Change = tuple[int, int, int, tuple[int, int], tuple[int, int], tuple[int, int]]
"""The arguments of `Tree.edit`: three offsets and three places, all in bytes."""


class SyntaxTree:
    """The tree of one document; belongs to the event loop.

    It costs nothing before somebody asks for it. While a long parse is under way it reads a copy of the list of
    lines, and the edits that come meanwhile are made up for at its end.
    """

    def __init__(
        self, document: Document, clock: Callable[[], float] = time.perf_counter, limit: int = LIMIT
    ) -> None:
        """Follow the edits of `document`, by its language id; `limit` is in bytes."""
        self.grammar = grammar_of(document.language_id or "")
        self._document = weakref.ref(document)
        self._clock, self._limit = clock, limit
        self._parser: Parser | None = None
        self._tree: Tree | None = None
        self._sizes: npt.NDArray[np.int32] | None = None
        self._changes: list[_Change] = []
        self._edited = self._broken = False
        self._version = 0
        self._source: Source | None = None
        self._task: asyncio.Task[None] | None = None
        document.observers.append(self._follow)

    async def root(self) -> Node | None:
        """Return the root of the tree of the document's text as it is now.

        None for a language without a grammar and for a document that is too large. The nodes are valid until
        the document changes, that is, until the caller awaits something.
        """
        while (document := self._document()) is not None and self._wanted(document):
            if self._task is None and self._sizes is not None and not self._current:
                self._slice(document)
            if self._current and self._tree is not None:
                return self._tree.root_node
            if self._task is None and not self._broken:
                self._task = asyncio.create_task(self._work())
            if self._task is None:
                break
            # The work goes on for others when this caller no longer waits.
            await asyncio.shield(self._task)
        return None

    def at_once(self, seconds: float = _SLICE) -> Node | None:
        """Return the root if it is there or can be had in so many seconds.

        None if not; what it takes is done in the background then, for the next time.
        """
        document = self._document()
        if document is None or not self._wanted(document):
            return None
        if self._task is None and self._sizes is not None and not self._current:
            self._slice(document, seconds)
        if self._current and self._tree is not None:
            return self._tree.root_node
        if self._task is None and not self._broken:
            self._task = asyncio.create_task(self._work(_AFTER))
        return None

    @property
    def latest(self) -> Tree | None:
        """The tree, where it is that of the document's text as it is now; not to be edited."""
        return self._tree if self._current else None

    def forget(self) -> None:
        """Free the tree; it is parsed again when it is asked for."""
        self._stop()
        self._tree, self._sizes = None, None

    @property
    def held(self) -> int:
        """The bytes of text that a tree is held of."""
        return 0 if self._sizes is None else int(self._sizes.sum())

    @property
    def _current(self) -> bool:
        return self._tree is not None and not self._edited and self._source is None

    def _wanted(self, document: Document) -> bool:
        if self._parser is None and not self._broken:
            self._parser = new_parser(self.grammar)
            self._broken = self._parser is None
        return not self._broken and document.n_bytes <= self._limit

    async def _work(self, after: float = timeslice.PAUSE) -> None:
        """Go on until the tree is that of a text; what was edited meanwhile is for the next turn."""
        try:
            await asyncio.sleep(after)
            if self._sizes is None:
                await self._measure()
            while self._sizes is not None and (document := self._document()) is not None:
                if self._slice(document):
                    break
                del document
                await timeslice.pause()
        finally:
            self._task = None

    async def _measure(self) -> None:
        """Take the size of each line; an edit meanwhile starts it again."""
        document = self._document()
        if document is None:
            return
        lines, version = document.lines, self._version
        sizes = np.empty(len(lines), dtype=np.int32)
        for start in range(0, len(lines), _MEASURED_AT_ONCE):
            part = lines[start : start + _MEASURED_AT_ONCE]
            measure = len if document.n_bytes == document.n_chars else size
            sizes[start : start + len(part)] = np.fromiter(map(measure, part), np.int32, len(part))
            if start + len(part) < len(lines):
                await asyncio.sleep(0)
            if version != self._version:
                return
        self._sizes = sizes

    def _slice(self, document: Document, seconds: float = _SLICE) -> bool:
        """Parse for so many seconds; whether the parse is over."""
        assert self._parser is not None
        begin, source = self._clock(), self._source or Source(document.lines)
        try:
            tree = parse_until(self._parser, source, lambda: self._clock() - begin > seconds, self._tree)
        except ValueError:
            log.warning("tree-sitter cannot parse this text as %s", self.grammar)
            self._broken = True
            return True
        if tree is None:
            if self._source is None:  # edits go on in the document
                source.lines = list(source.lines)
            self._source = source
            return False
        self._tree, self._source, self._edited = tree, None, bool(self._changes)
        for change in self._changes:
            tree.edit(*change)
        self._changes = []
        return True

    def _stop(self) -> None:
        self._version += 1
        if self._source is not None and self._parser is not None:
            self._parser.reset()
        self._source, self._changes, self._edited = None, [], False

    def _follow(self, edit: Edit | None) -> None:
        """Tell the tree of an edit of the document."""
        self._version += 1
        document = self._document()
        if edit is None or document is None or document.n_bytes > self._limit:
            self.forget()
        elif self._sizes is not None:
            change = self._measured(edit, document.lines)
            if self._source is not None:
                self._changes.append(change)
            elif self._tree is not None:
                self._tree.edit(*change)
                self._edited = True

    def _measured(self, edit: Edit, lines: list[str]) -> _Change:
        """Return an edit in bytes, and take the sizes of the lines that are new."""
        assert self._sizes is not None
        line, column = edit.start
        left = size(lines[line][:column])
        start = int(self._sizes[:line].sum()) + left
        new = [size(text) for text in lines[line : edit.new_end[0] + 1]]
        last = edit.old_end[0] + 1
        if len(new) == last - line:
            self._sizes[line:last] = new
        else:
            parts = self._sizes[:line], np.array(new, dtype=np.int32), self._sizes[last:]
            self._sizes = np.concatenate(parts)
        return (
            start,
            start + size(edit.removed),
            start + size(edit.inserted),
            (line, left),
            _end(edit.old_end, edit.removed, edit.start, left),
            _end(edit.new_end, edit.inserted, edit.start, left),
        )


def _end(end: tuple[int, int], text: str, start: tuple[int, int], left: int) -> tuple[int, int]:
    """Return where a text ends that starts at `start`, `left` bytes into its line."""
    line, column = end
    if line == start[0]:
        return line, left + size(text)
    return line, size(text[len(text) - column :])


class Trees:
    """The trees of the documents that were asked about last, as many as `room` bytes of text allow."""

    def __init__(self, room: int = _ALL) -> None:
        self._room = room
        self._trees: weakref.WeakKeyDictionary[Document, SyntaxTree] = weakref.WeakKeyDictionary()

    def of(self, document: Document) -> SyntaxTree:
        """Return the document's tree; others are freed where all of them together would be too much."""
        tree = self._trees.pop(document, None) or SyntaxTree(document)
        self._trees[document] = tree
        room = self._room - document.n_bytes
        for other in list(self._trees.values())[-2::-1]:
            room -= other.held
            if room < 0:
                other.forget()
        return tree
