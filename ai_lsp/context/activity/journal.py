"""What was edited lately in all documents: keystrokes grouped by place and time, with the text from before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ai_lsp.context.activity.change import Change, reduced
from ai_lsp.context.activity.clipboard import Clipboard
from ai_lsp.context.activity.hunks import Edit, Lines
from ai_lsp.context.activity.viewed import Views
from ai_lsp.positions import split_lines

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_NEAR_LINES, _NEAR_SECONDS = 8, 1.0
"""Edits so near to each other in place and time are one, as in Zed."""
_STALE_SECONDS = 900.0
"""An edit after so long a pause begins anew, also in the same line."""
_MOST_LINES, _MOST_COLUMNS = 64, 1_000
"""What is larger is no edit by hand, and says little of the next one."""
_MOST_HUNKS, _MOST_FILES = 32, 20
"""How many are remembered; the files are Copilot's."""
_CONTEXT = 3
"""Lines around a hunk that are kept when its document closes."""


class Follower(Protocol):
    """What keeps lines of documents that shall stay at their text."""

    def shift(self, uri: str, first: int, stop: int, new_stop: int) -> None:
        """Lines `first` to `stop`, without it, of a document have become `first` to `new_stop`."""

    def rename(self, old: str, new: str) -> None:
        """A document has a new name."""


@dataclass(eq=False)
class Hunk:
    """Some lines of one document that were edited. They read `edit.after` now."""

    uri: str
    language: str
    start: int
    """Zero-based line at which they begin now."""
    edit: Edit
    time: float
    """When the latest of the edits was made."""
    around: tuple[Lines, Lines] = field(default=((), ()))
    """The lines above and below, of a document that is closed; of an open one they are in the document."""

    @property
    def stop(self) -> int:
        """The line after the last one."""
        return self.start + len(self.edit.after)


@dataclass(frozen=True)
class _Span:
    """Lines `first` to `stop` have become lines `first` to `new_stop`."""

    first: int
    stop: int
    new_stop: int

    @property
    def grown(self) -> int:
        return self.new_stop - self.stop


class Journal:
    """The latest edits, looks and pastes. Belongs to the event loop.

    A keystroke costs a few hunks' lines, whatever the size of the document; a whole text that is replaced costs a
    comparison of the two.
    """

    def __init__(self, followers: Sequence[Follower] = ()) -> None:
        """`followers` are told of each change too."""
        self.views = Views()
        self.clipboard = Clipboard()
        self._followers: tuple[Follower, ...] = (self.views, self.clipboard, *followers)
        self._hunks: dict[str, list[Hunk]] = {}
        self._sizes: dict[str, int] = {}

    def hunks(self) -> list[Hunk]:
        """Return what was edited, latest first."""
        return sorted((hunk for some in self._hunks.values() for hunk in some), key=lambda one: -one.time)

    def opened(self, document: Document) -> None:
        """Take note of a document; of its hunks, those that it does not show any more are forgotten."""
        lines = document.lines
        self._sizes[document.uri] = len(lines)
        hunks = self._hunks.get(document.uri, [])
        self._keep(document.uri, [one for one in hunks if bare(lines[one.start : one.stop]) == one.edit.after])

    def edited(self, document: Document, line: int, column: int, removed: str, inserted: str, now: float) -> None:
        """Take note of a change that `document` has just taken in.

        `line` and `column` (code points) are where it begins, `removed` is what was there before, `inserted` what
        is there now, with the line ends that they have in the document. For a whole text that was replaced these
        are 0, 0 and the two texts. `now` is in seconds.
        """
        change = reduced(line, column, removed, inserted)
        size = len(document.lines)
        expected = change.inserted_ends - change.removed_ends
        grown = size - self._sizes.get(document.uri, size - expected)
        self._sizes[document.uri] = size
        if not change.removed and not change.inserted:
            return
        plain = grown == expected  # else a `\r` and a `\n` came to stand side by side, or were parted
        first = change.line if plain else max(0, change.line - 1)
        stop = change.line + change.removed_ends + (1 if plain else 2)
        span = _Span(first, stop, stop + grown)
        for follower in self._followers:
            follower.shift(document.uri, span.first, span.stop, span.new_stop)
        self.clipboard.note(document.uri, change, now)
        old = _before(document.lines, change) if plain else None
        self._record(document, span, old, now)

    def viewed(self, uri: str, line: int, now: float) -> None:
        """Take note that somebody looks at a line, zero-based: a focus, or the cursor of a request."""
        self.views.add(uri, line, now)

    def closed(self, document: Document) -> None:
        """Keep what is around the hunks of a document that is about to be forgotten."""
        self._sizes.pop(document.uri, None)
        for hunk in self._hunks.get(document.uri, ()):
            hunk.around = around(document.lines, hunk.start, hunk.stop, _CONTEXT)

    def renamed(self, old: str, new: str) -> None:
        """Take a document's new name."""
        for follower in self._followers:
            follower.rename(old, new)
        if old in self._sizes:
            self._sizes[new] = self._sizes.pop(old)
        for hunk in self._hunks.get(old, ()):
            hunk.uri = new
        self._keep(new, self._hunks.pop(old, []))

    def _record(self, document: Document, span: _Span, old: Lines | None, now: float) -> None:
        """Bring the hunks of a document up to date. `old` are the span's lines before, None where unknown."""
        hunks = self._hunks.get(document.uri, [])
        touched = [one for one in hunks if one.start < span.stop and one.stop > span.first]
        kept = [one for one in hunks if one not in touched]
        if old is not None:
            fresh = [one for one in touched if now - one.time <= _STALE_SECONDS]
            for chosen in (_with_near(fresh, kept, span, now), fresh, []):
                hunk = _merged(document, span, old, chosen, now)
                if hunk is not None:
                    break
            kept = [one for one in kept if one not in chosen]
        else:
            hunk = None
        for one in kept:
            if one.start >= span.stop:
                one.start += span.grown
        if hunk is not None and hunk.edit.before != hunk.edit.after:
            kept.append(hunk)
        self._keep(document.uri, sorted(kept, key=lambda one: one.start))

    def _keep(self, uri: str, hunks: list[Hunk]) -> None:
        self._hunks.pop(uri, None)
        if hunks:
            self._hunks[uri] = hunks
        while len(self._hunks) > _MOST_FILES:
            del self._hunks[next(iter(self._hunks))]
        for hunk in self.hunks()[_MOST_HUNKS:]:
            self._hunks[hunk.uri].remove(hunk)
            if not self._hunks[hunk.uri]:
                del self._hunks[hunk.uri]


def bare(lines: Sequence[str]) -> Lines:
    """Return lines without their ends."""
    return tuple(line.rstrip("\r\n") for line in lines)


def around(lines: Sequence[str], start: int, stop: int, context: int) -> tuple[Lines, Lines]:
    """Return the `context` lines above `start` and those from `stop` on."""
    return bare(lines[max(0, start - context) : start]), bare(lines[stop : stop + context])


def _before(lines: Sequence[str], change: Change) -> Lines | None:
    """Return the lines that a change touched as they were; None for what no hand has typed."""
    last, stop = change.line + change.inserted_ends, change.line + change.removed_ends
    if max(change.inserted_ends, change.removed_ends) >= _MOST_LINES or last >= len(lines):
        return None
    if max(len(lines[change.line]), len(lines[last]), len(change.removed)) > _MOST_COLUMNS * _MOST_LINES:
        return None
    pieces = split_lines(change.inserted)
    column = len(pieces[-1]) + (change.column if len(pieces) == 1 else 0)
    old = split_lines(lines[change.line][: change.column] + change.removed + lines[last][column:].rstrip("\r\n"))
    if len(old) != stop - change.line + 1 or max(map(len, old)) > _MOST_COLUMNS:
        return None
    return bare(old)


def _with_near(fresh: list[Hunk], kept: list[Hunk], span: _Span, now: float) -> list[Hunk]:
    """Return `fresh` and the hunks of `kept` that are near in place and time, and what is between them."""
    near = [
        one
        for one in kept
        if now - one.time <= _NEAR_SECONDS and max(one.start - span.stop, span.first - one.stop) < _NEAR_LINES
    ]
    chosen = [*fresh, *near]
    first, stop = _extent(chosen, span)
    return chosen + [one for one in kept if one not in near and one.start < stop and one.stop > first]


def _extent(hunks: list[Hunk], span: _Span) -> tuple[int, int]:
    return min([span.first, *(one.start for one in hunks)]), max([span.stop, *(one.stop for one in hunks)])


def _merged(document: Document, span: _Span, old: Lines, hunks: list[Hunk], now: float) -> Hunk | None:
    """Return one hunk of a change and what it continues; None when that is too large."""
    lines = document.lines
    first, stop = _extent(hunks, span)

    def were(start: int, end: int) -> Lines:
        upper = bare(lines[start : min(end, span.first)])
        within = old[max(0, start - span.first) : max(0, end - span.first)]
        return upper + within + bare(lines[max(start, span.stop) + span.grown : max(end, span.stop) + span.grown])

    if max(stop - first, stop - first + span.grown) > _MOST_LINES:
        return None
    before: Lines = ()
    at = first
    for hunk in sorted(hunks, key=lambda one: one.start):
        before += were(at, hunk.start) + hunk.edit.before
        at = hunk.stop
    before += were(at, stop)
    after = bare(lines[first : stop + span.grown])
    if len(before) > _MOST_LINES or max(map(len, after), default=0) > _MOST_COLUMNS:
        return None
    return Hunk(document.uri, document.language_id or "plaintext", first, Edit(before, after), now)
