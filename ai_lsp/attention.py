"""What a person is doing when a suggestion is asked for: signals from edits, outcomes, files and trees."""

from __future__ import annotations

import asyncio
import os
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from pygls.uris import to_fs_path

from ai_lsp.completion.place import Place
from ai_lsp.completion.signals import Habits, Signals, signals_at, standing_so
from ai_lsp.completion.standing import Standing, standing_at, stands_as
from ai_lsp.completion.strokes import PASTED, TYPED, Stroke, Strokes
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document
from ai_lsp.history import History
from ai_lsp.syntax.generated import HEAD_LINES, is_generated
from ai_lsp.syntax.languages import grammar, grammar_of
from ai_lsp.syntax.tree import Trees

_SLICE = 0.001
"""Seconds that the tree may take of the event loop for a request; without it the text alone is read."""


class Attention:
    """Knows one client's doings; belongs to the event loop."""

    def __init__(self, history: History, trees: Trees, clock: Callable[[], float] = time.monotonic) -> None:
        self._history = history
        self._trees = trees
        self._clock = clock
        self._strokes = Strokes()
        self._locked: weakref.WeakKeyDictionary[Document, bool] = weakref.WeakKeyDictionary()
        self._heads: weakref.WeakKeyDictionary[Document, tuple[list[str], bool]] = weakref.WeakKeyDictionary()
        self._looking: set[asyncio.Task[None]] = set()
        self._latest: tuple[int, Place, Standing] | None = None
        """The key, by its number, after which a place was looked at; 0 for anything else."""

    def opened(self, document: Document) -> None:
        """Follow a document; what takes longer is found out in a thread."""
        self._strokes.follow(document)
        task = asyncio.get_running_loop().create_task(self._look_at(document))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    def then(self, next_one: Callable[[Document], None]) -> Callable[[Document], None]:
        """Return what follows a document that opens, and passes it on."""

        def opened(document: Document) -> None:
            self.opened(document)
            next_one(document)

        return opened

    @property
    def looking(self) -> bool:
        """Whether documents are still being looked at."""
        return bool(self._looking)

    def edited(self, document: Document) -> None:
        """Take note that a message with edits was taken in."""
        self._strokes.note(document, self._clock())

    def signals(self, query: Query, *, popup: bool = False) -> Signals:
        """Return what is known at once of a place: not what the cursor stands in, which is code until `look`.

        `popup` says that the place has a menu's item in it.
        """
        document, now = query.document, self._clock()
        stroke = self._stroke(query.place, document, now)
        accepted, rejected = self._history.streaks(now)
        habits = Habits(
            popup=popup,
            read_only=self._locked.get(document, False),
            generated=self._is_generated(query.place.path, document),
            accepted=accepted,
            rejected=rejected,
        )
        return signals_at(query.place, Standing(), document_bytes=document.n_bytes, stroke=stroke, habits=habits)

    def look(self, query: Query, signals: Signals) -> Signals:
        """Return the `signals` of a place with what the cursor stands in, which may take a millisecond.

        That is told by the text where there is no tree: none knows a menu's item, and the first grammar is
        imported with its library, which takes 30 ms.
        """
        place, document = query.place, query.document
        by_text = signals.popup or document not in self._locked
        return standing_so(signals, place, standing_at(place) if by_text else self._standing(place, document))

    def _is_generated(self, path: str, document: Document) -> bool:
        """Tell whether a program wrote a document, which is asked at each key and changes with its head alone."""
        head = document.lines[:HEAD_LINES]
        known = self._heads.get(document)
        if known is None or known[0] != head:
            known = self._heads[document] = head, is_generated(path, head)
        return known[1]

    def _standing(self, place: Place, document: Document) -> Standing:
        """Return what the cursor stands in by the document's tree; by the text where that is not there in time."""
        number = self._number_of_key(document)
        if self._latest is not None and number == self._latest[0] + 1 and stands_as(place, self._latest[1]):
            standing = self._latest[2]
        else:
            standing = standing_at(place, self._trees.of(document).at_once(_SLICE), document.lines)
        self._latest = number, place, standing
        return standing

    def _number_of_key(self, document: Document) -> int:
        """Return which change of the document the latest key was; 0 where it was no key of one cursor."""
        stroke = self._strokes.latest(document, self._clock())
        single = stroke is not None and (stroke.kind, stroke.cursors, len(stroke.inserted)) == (TYPED, 1, 1)
        return stroke.number if stroke is not None and single else 0

    def _stroke(self, place: Place, document: Document, now: float) -> Stroke | None:
        """Return the latest change; what came from us was not pasted."""
        stroke = self._strokes.latest(document, now)
        if stroke is not None and stroke.kind == PASTED and self._history.is_ours(place.uri, stroke.inserted):
            return None
        return stroke

    async def _look_at(self, document: Document) -> None:
        path = to_fs_path(document.uri) if document.uri.startswith("file:") else None
        language = grammar_of(document.language_id or "")
        self._locked[document] = await asyncio.to_thread(_look, Path(path) if path else None, language)


def _look(path: Path | None, language: str) -> bool:
    """Load a grammar; return whether there is a file that cannot be written."""
    grammar(language)
    return path is not None and path.exists() and not os.access(path, os.W_OK)
