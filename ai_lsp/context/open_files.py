"""Windows of the open documents that share names with the text near the cursor."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.activity.journal import Journal
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.context.windows import Names, akin, best_windows, span_of, telling

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_MOST_FILES = 10
"""The latest ones, as in Continue."""
_MOST_LINES = 5_000
"""Lines of a file that are looked at, around the one that was looked at last."""
_MOST_SNIPPETS = 4
_SECONDS = 0.02
"""How long names are read; what is not read by then is read the next time."""
_BY_RANK = 1.15
"""How much less each later file is worth, by Continue's measure."""
_NEAR_VIEW, _NEAR_LINES = 1.2, 30
"""What a window is worth near a line that somebody has looked at."""
_OTHER_LANGUAGE = 0.4


@dataclass(frozen=True)
class _Open:
    """What is looked at of one document."""

    uri: str
    path: str
    lines: Sequence[str]
    first: int
    """The line of the document with which `lines` begin."""
    skip: tuple[int, int]
    viewed: tuple[int, ...]
    factor: float


class OpenFiles:
    """The windows of open documents, of those that were viewed and edited last before others."""

    name = "open_files"

    def __init__(self, journal: Journal, editor: Editor, timer: Callable[[], float] = time.perf_counter) -> None:
        """`timer` measures, in seconds, how long reading takes."""
        self._journal = journal
        self._editor = editor
        self._timer = timer
        self._names: dict[str, Names] = {}

    async def find(self, query: Query) -> list[Snippet]:
        """Return the best windows of the latest documents, the place's own beyond its prompt included."""
        await self._editor.look()
        files = self._latest(query)
        self._names = {one.uri: self._names.get(one.uri) or Names() for one in files}
        pairs = [(one, self._names[one.uri]) for one in files]
        best: list[Snippet] = await query.in_thread(self._best, pairs, telling(query.names))
        return best

    def _latest(self, query: Query) -> list[_Open]:
        documents = self._editor.documents
        seen = [(view.time, view.uri) for view in self._journal.views.latest]
        seen += [(hunk.time, hunk.uri) for hunk in self._journal.hunks()]
        order = dict.fromkeys(
            [query.place.uri, *(uri for _, uri in sorted(seen, reverse=True)), *reversed(list(documents))]
        )
        latest = [uri for uri in order if uri in documents][: _MOST_FILES + 1]
        return [self._open(documents[uri], rank, query) for rank, uri in enumerate(latest)]

    def _open(self, document: Document, rank: int, query: Query) -> _Open:
        uri = document.uri
        viewed = tuple(view.line for view in self._journal.views.latest if view.uri == uri)
        middle = query.place.line if uri == query.place.uri else viewed[0] if viewed else 0
        first = max(0, min(middle - _MOST_LINES // 2, len(document.lines) - _MOST_LINES)) // 8 * 8
        start, stop = span_of(query.place) if uri == query.place.uri else (0, 0)
        factor = _BY_RANK ** -max(0, rank - 1)
        if not akin(document.language_id or "plaintext", query.place.language):
            factor *= _OTHER_LANGUAGE
        lines = document.lines[first : first + _MOST_LINES]
        path = self._editor.display_path(uri)
        return _Open(uri, path, lines, first, (start - first, stop - first), viewed, factor)

    def _best(self, pairs: list[tuple[_Open, Names]], wanted: tuple[str, ...]) -> list[Snippet]:
        end = self._timer() + _SECONDS
        found = []
        for one, names in pairs:
            windows = names.read(one.lines, lambda: self._timer() > end)
            for window in best_windows(one.lines, windows, wanted, skip=one.skip):
                line = one.first + window.line
                near = any(abs(line - viewed) < _NEAR_LINES for viewed in one.viewed)
                score = min(1.0, window.score * one.factor * (_NEAR_VIEW if near else 1.0))
                found.append(Snippet(self.name, one.path, window.text, score, line))
        return sorted(found, key=lambda one: one.score, reverse=True)[:_MOST_SNIPPETS]
