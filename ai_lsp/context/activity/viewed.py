"""Where somebody has looked lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

_NEAR_LINES = 20
"""Looking so near to where one looked before is the same look."""
_REMEMBERED = 32


@dataclass(frozen=True)
class View:
    """One look at a line, zero-based, of a document."""

    uri: str
    line: int
    time: float


class Views:
    """The latest looks, which stay at their text when lines above it come and go."""

    def __init__(self) -> None:
        self._views: list[View] = []

    @property
    def latest(self) -> Sequence[View]:
        """All that are remembered, latest first."""
        return tuple(self._views)

    def add(self, uri: str, line: int, now: float) -> None:
        """Take note of a look at `line`; an earlier one near it goes."""
        others = [one for one in self._views if one.uri != uri or abs(one.line - line) > _NEAR_LINES]
        self._views = [View(uri, line, now), *others[: _REMEMBERED - 1]]

    def shift(self, uri: str, first: int, stop: int, new_stop: int) -> None:
        """Follow a change of lines `first` to `stop`, without it, into `first` to `new_stop`."""
        if stop != new_stop:
            self._views = [
                replace(one, line=moved(one.line, first, stop, new_stop)) if one.uri == uri else one
                for one in self._views
            ]

    def rename(self, old: str, new: str) -> None:
        """Take a document's new name."""
        self._views = [replace(one, uri=new) if one.uri == old else one for one in self._views]


def moved(line: int, first: int, stop: int, new_stop: int) -> int:
    """Return where the text of `line` is after lines `first` to `stop` have become `first` to `new_stop`."""
    if line >= stop:
        return line + new_stop - stop
    return min(line, max(first, new_stop - 1))
