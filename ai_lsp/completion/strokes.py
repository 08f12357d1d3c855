"""What a person has just done to a document: typed, deleted, undone, pasted, with how many cursors, how fast."""

from __future__ import annotations

import functools
import itertools
import weakref
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ai_lsp.edits import Edit

if TYPE_CHECKING:
    from ai_lsp.documents import Document

TYPED, DELETED, UNDONE, PASTED, MACRO, REPLACED = "typed", "deleted", "undone", "pasted", "macro", "replaced"
_PASTED_CHARS, _PASTED_LINES = 40, 3
"""More than an editor puts in by itself for one key: an indentation, a pair of brackets, a menu's item."""
_MACRO_KEYS, _MACRO_SECONDS = 4, 0.04
"""Nobody types 100 keys a second: it is a macro, or a program."""
_RUN_CHARS = 400
"""How much of what was typed is remembered, to know it when it is taken away at once."""
_MOST_EDITS = 256
"""Edits that wait to be judged; those of a notebook's cells, of which nobody is told, must not pile up."""
_STALE_SECONDS = 5.0
"""What happened longer ago says nothing of this moment."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """The latest change of one document."""

    kind: str
    """One of the names in this module."""
    time: float
    """Seconds."""
    gap: float | None = None
    """Seconds since the change before it; None for the first."""
    cursors: int = 1
    end: tuple[int, int] = (0, 0)
    """Line and column (code points) where it ended."""
    inserted: str = ""
    """The text that came, of the last of its edits."""
    number: int = 0
    """Which of the document's changes it is; they are counted."""


@dataclass
class _Log:
    pending: deque[Edit | None] = field(default_factory=lambda: deque(maxlen=_MOST_EDITS))
    times: deque[float] = field(default_factory=lambda: deque(maxlen=_MACRO_KEYS))
    run: str = ""
    last: Edit | None = None
    stroke: Stroke | None = None
    count: int = 0


class Strokes:
    """Follows the edits of documents; belongs to the event loop. A key costs some microseconds."""

    def __init__(self) -> None:
        self._logs: weakref.WeakKeyDictionary[Document, _Log] = weakref.WeakKeyDictionary()

    def follow(self, document: Document) -> None:
        """Take note of the edits of `document` from now on."""
        log = self._logs[document] = _Log()
        document.observers.append(functools.partial(_take, log))

    def note(self, document: Document, now: float) -> None:
        """The edits since the last call came together, as one message does, at `now` (seconds)."""
        log = self._logs.get(document)
        if log is None or not log.pending:
            return
        edits = list(log.pending)
        log.pending.clear()
        gap = now - log.times[-1] if log.times else None
        log.times.append(now)
        found = _stroke(log, edits)
        many = len(log.times) == _MACRO_KEYS and now - log.times[0] < _MACRO_SECONDS
        kind = MACRO if many and found.kind == TYPED else found.kind
        log.count += 1
        log.stroke = replace(found, kind=kind, time=now, gap=gap, number=log.count)

    def latest(self, document: Document, now: float) -> Stroke | None:
        """Return the document's last change, if it was made just before `now`."""
        log = self._logs.get(document)
        if log is None or log.stroke is None or now - log.stroke.time > _STALE_SECONDS:
            return None
        return log.stroke


def _take(log: _Log, edit: Edit | None) -> None:
    log.pending.append(edit)


def _stroke(log: _Log, edits: Sequence[Edit | None]) -> Stroke:
    """Judge the edits of one message, and remember what tells an undo afterwards."""
    known = [edit for edit in edits if edit is not None]
    if not known or len(known) < len(edits):
        log.run, log.last = "", None
        return Stroke(REPLACED, 0.0)
    last = known[-1]
    cursors = _cursors(known)
    kind = _kind(log, last) if cursors == len(known) or len(known) == 1 or _goes_on(known) else REPLACED
    log.run = (log.run + last.inserted)[-_RUN_CHARS:] if kind in (TYPED, PASTED) else ""
    log.last = last
    return Stroke(kind, 0.0, cursors=cursors, end=last.new_end, inserted=last.inserted)


def _kind(log: _Log, edit: Edit) -> str:
    before = log.last
    reversed_ = before is not None and (before.start, before.inserted, before.removed) == (
        edit.start,
        edit.removed,
        edit.inserted,
    )
    if not edit.inserted:
        # One character is taken back by the delete key too; which of the two it was makes no difference.
        at_once = len(edit.removed) > 1 and edit.removed.strip() and log.run.endswith(edit.removed)
        return UNDONE if at_once else DELETED
    if reversed_ and edit.inserted.strip():
        return UNDONE
    bare = edit.inserted.strip()
    long = len(bare) >= _PASTED_CHARS or (bare and edit.inserted.count("\n") + 1 >= _PASTED_LINES)
    return PASTED if long else TYPED


def _cursors(edits: Sequence[Edit]) -> int:
    """How many places got the same text at once; 1 for what one cursor does."""
    first = edits[0]
    alike = all((one.inserted, len(one.removed)) == (first.inserted, len(first.removed)) for one in edits)
    return len(edits) if alike and not _goes_on(edits) else 1


def _goes_on(edits: Sequence[Edit]) -> bool:
    """Whether each edit begins or ends where the one before it ended, as of keys that are told of together."""
    return all(one.new_end in (other.start, other.old_end) for one, other in itertools.pairwise(edits))
