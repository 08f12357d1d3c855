"""What was cut, and what was copied from where, told by the changes alone: no clipboard is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.context.activity.change import Change
from ai_lsp.context.activity.viewed import moved

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_LEAST_CHARS, _MOST_CHARS = 12, 4_000
"""Less comes from a key or a completion, more says nothing."""
_REMEMBERED = 8
_MOST_LINES = 20_000
"""How many lines of open documents are searched for where a paste came from."""


@dataclass(eq=False)
class Clip:
    """Some text that was cut, or that appeared at once."""

    text: str
    uri: str
    line: int
    """Zero-based line where it was cut, or where it now begins."""
    time: float


@dataclass(frozen=True)
class Copy:
    """A clip that appeared, and the line of an open document that shows the same text."""

    clip: Clip
    uri: str
    line: int


class Clipboard:
    """The latest texts that were cut, and those that were put in."""

    def __init__(self) -> None:
        self._cuts: list[Clip] = []
        self._puts: list[Clip] = []
        self._origins: dict[Clip, tuple[str, int] | None] = {}

    def note(self, uri: str, change: Change, now: float) -> None:
        """Take note of a change: a cut text that comes in again is not wanted any more."""
        if _is_clip(change.inserted):
            same = [cut for cut in self._cuts if cut.text.strip() == change.inserted.strip()]
            self._cuts = [cut for cut in self._cuts if cut not in same]
            if not any(cut.uri == uri and cut.line == change.line for cut in same):  # else it was undone
                self._puts = [Clip(change.inserted, uri, change.line, now), *self._puts[: _REMEMBERED - 1]]
            self._origins = {clip: origin for clip, origin in self._origins.items() if clip in self._puts}
        elif _is_clip(change.removed) and not change.inserted.strip():
            undone = [put for put in self._puts if put.text.strip() == change.removed.strip() and put.uri == uri]
            self._puts = [put for put in self._puts if put not in undone]
            if not undone:
                self._cuts = [Clip(change.removed, uri, change.line, now), *self._cuts[: _REMEMBERED - 1]]

    def cuts(self) -> Sequence[Clip]:
        """Return the texts that were cut and have not come in again, latest first."""
        return tuple(self._cuts)

    def copies(self, documents: Mapping[str, Document]) -> Sequence[Copy]:
        """Return the texts that came in and stand in an open document elsewhere, latest first.

        Each is looked for once.
        """
        for clip in self._puts:
            if clip not in self._origins:
                self._origins[clip] = _origin(clip, documents)
        found = [(clip, self._origins[clip]) for clip in self._puts]
        return [Copy(clip, *origin) for clip, origin in found if origin is not None]

    def shift(self, uri: str, first: int, stop: int, new_stop: int) -> None:
        """Follow a change of lines `first` to `stop`, without it, into `first` to `new_stop`."""
        if stop == new_stop:
            return
        for clip in (*self._cuts, *self._puts):
            if clip.uri == uri:
                clip.line = moved(clip.line, first, stop, new_stop)
        for clip, origin in self._origins.items():
            if origin is not None and origin[0] == uri:
                self._origins[clip] = uri, moved(origin[1], first, stop, new_stop)

    def rename(self, old: str, new: str) -> None:
        """Take a document's new name."""
        for clip in (*self._cuts, *self._puts):
            if clip.uri == old:
                clip.uri = new
        for clip, origin in self._origins.items():
            if origin is not None and origin[0] == old:
                self._origins[clip] = new, origin[1]


def _is_clip(text: str) -> bool:
    return _LEAST_CHARS <= len(text) <= _MOST_CHARS and len(text.strip()) >= _LEAST_CHARS


def _origin(clip: Clip, documents: Mapping[str, Document]) -> tuple[str, int] | None:
    """Return the document and line where a text stands besides its own place; the search is bounded."""
    wanted = [line.strip() for line in clip.text.strip().splitlines()]
    key = max(range(len(wanted)), key=lambda index: len(wanted[index]))
    left = _MOST_LINES
    for uri, document in documents.items():
        lines = document.lines[:left]
        left -= len(lines)
        for number, line in enumerate(lines):
            start = number - key
            if wanted[key] in line and not (uri == clip.uri and abs(start - clip.line) < len(wanted)):
                block = lines[max(0, start) : start + len(wanted)]
                if len(block) == len(wanted) and all(map(str.__contains__, block, wanted)):
                    return uri, start
    return None
