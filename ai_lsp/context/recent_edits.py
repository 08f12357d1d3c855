"""What was edited lately, where it may be wanted again: the latest edits are the best hint for the next one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.activity.hunks import Edit, Lines
from ai_lsp.context.activity.journal import Hunk, Journal, around
from ai_lsp.context.recent_clips import clips_for
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.context.windows import akin, shared, span_of, telling
from ai_lsp.syntax.comments import comment

Form = Literal["after", "diff"]
"""Edited lines as they are now, or as a unified diff."""

_HALF_LIFE = 300.0
"""Seconds after which an edit says half as much."""
_RECENT = 0.5
"""What has nothing in common with the place must be so recent."""
_CONTEXT = 3
_MOST_LINES, _MOST_CHARS, _MOST_HUNKS = 10, 2_000, 8
"""Of one edit, and of all: Copilot's bounds."""
_RECENCY, _NAMES, _LANGUAGE, _RENAME = 0.3, 0.4, 0.1, 0.2
"""What each reason adds to a score."""


class RecentEdits:
    """The latest edits, and what was cut and copied with them."""

    name = "recent_edits"

    def __init__(self, journal: Journal, editor: Editor, form: Form = "after") -> None:
        self._journal = journal
        self._editor = editor
        self._form = form

    async def find(self, query: Query) -> list[Snippet]:
        """Return edits that share names with the place, were made just now or renamed what is near it."""
        await self._editor.look()
        now = self._editor.clock()
        found = [*self._hunks(query, now), *clips_for(self._journal.clipboard, self._editor, query, now)]
        return sorted(found, key=lambda one: one.score, reverse=True)

    def _hunks(self, query: Query, now: float) -> Iterator[Snippet]:
        names = telling(query.names)
        hunks = [one for one in self._journal.hunks() if self._editor.readable(one.uri)]
        scored = sorted(((_score(one, query, names, now), one) for one in hunks), key=lambda pair: -pair[0])
        told: set[tuple[str, str]] = set()
        count = 0
        for score, hunk in scored:
            renames = {pair for pair in hunk.edit.renames if pair[0] in names}
            if score and not (renames and renames <= told) and count < _MOST_HUNKS:
                snippet = self._snippet(hunk, query, sorted(renames - told), score)
                if snippet is not None:
                    told |= renames
                    count += 1
                    yield snippet

    def _snippet(self, hunk: Hunk, query: Query, renames: list[tuple[str, str]], score: float) -> Snippet | None:
        block = _block(hunk, self._editor)
        path = self._editor.display_path(hunk.uri)
        seen = span_of(query.place) if hunk.uri == query.place.uri else (0, 0)
        text, line = _diff(block, path, seen, renames) if self._form == "diff" else _after(block, seen)
        if self._form == "after":
            hints = [comment(hunk.language, f"{old} is now {new}") for old, new in renames]
            text = "".join(f"{hint}\n" for hint in hints) + text
        return Snippet(self.name, path, text, score, line) if text.strip() and len(text) <= _MOST_CHARS else None


@dataclass(frozen=True)
class _Block:
    """An edit, the zero-based line at which it begins, and the lines around it."""

    edit: Edit
    start: int
    above: Lines
    below: Lines


def _score(hunk: Hunk, query: Query, names: tuple[str, ...], now: float) -> float:
    """Return how much an edit is likely to help at a place, 0 for not at all."""
    recency = float(0.5 ** ((now - hunk.time) / _HALF_LIFE))
    overlap = shared(names, hunk.edit.names)
    renamed = any(old in names for old, _new in hunk.edit.renames)
    if not overlap and not renamed and recency < _RECENT:
        return 0.0
    kin = akin(hunk.language, query.place.language)
    return _RECENCY * recency + _NAMES * overlap + _LANGUAGE * kin + _RENAME * renamed


def _block(hunk: Hunk, editor: Editor) -> _Block:
    """Return the part of a hunk that was really edited, and what is around that now, or was when it was closed."""
    skipped, edit = hunk.edit.narrowed(0)
    document = editor.documents.get(hunk.uri)
    if document is not None:
        lines, start = document.lines, hunk.start + skipped
    else:
        lines = [*hunk.around[0], *hunk.edit.after, *hunk.around[1]]
        start = len(hunk.around[0]) + skipped
    above, below = around(lines, start, start + len(edit.after), _CONTEXT)
    return _Block(edit, hunk.start + skipped, above, below)


def _after(block: _Block, seen: tuple[int, int]) -> tuple[str, int]:
    """Return the edited lines as they are, with those around them, and where they begin, without what is `seen`.

    Of a long edit it is the end, where it was probably left; of lines that are gone there is nothing to show.
    """
    start = block.start - len(block.above)
    lines = [*block.above, *block.edit.after, *block.below]
    stop = start + len(lines)
    keep = range(start, min(seen[0], stop)) if start < seen[0] else range(max(start, seen[1]), stop)
    keep = range(max(keep.start, block.start + len(block.edit.after) - _MOST_LINES - _CONTEXT), keep.stop)
    edited = range(block.start, block.start + len(block.edit.after))
    if max(keep.start, edited.start) >= min(keep.stop, edited.stop):
        return "", block.start
    numbers = [number for number in keep if lines[number - start].strip()] or [keep.start]
    shown = lines[numbers[0] - start : numbers[-1] + 1 - start]
    return "".join(f"{line}\n" for line in shown), numbers[0]


def _diff(block: _Block, path: str, seen: tuple[int, int], renames: Collection[object]) -> tuple[str, int]:
    """Return a unified diff and where it begins; nothing of what is `seen`, unless it renames what is near."""
    edit, start, above, below = block.edit, block.start, block.above, block.below
    if start < seen[1] and start + len(edit.after) > seen[0]:
        if not renames:
            return "", start
        above, below = (), ()
    if max(len(edit.before), len(edit.after)) > _MOST_LINES:
        cut = max(0, len(edit.after) - _MOST_LINES)
        start, edit, above = start + cut, Edit(edit.before[-_MOST_LINES:], edit.after[cut:]), ()
    text = edit.diff(start, _CONTEXT, above, below)
    return f"--- {path}\n+++ {path}\n{text}", start - len(above)
