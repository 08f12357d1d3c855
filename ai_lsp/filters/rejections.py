"""Suggestions that somebody looked at and went another way, so that they do not come again at once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ai_lsp.completion.place import Place

_SEEN_SECONDS = 0.75
"""How long a suggestion must have stood there for typing something else to be a judgement of it."""
_JUST_SECONDS = 60.0
"""For how long it is not shown again."""
_MOST = 50
_BEFORE, _AFTER = 400, 100
"""Characters around a cursor by which its place is known again."""
_MOST_LINES = 20
"""Lines below a suggestion at which its place is still looked at."""

RejectedAt = Callable[[Place], list[str]]
"""Returns the suggestions that were just not taken at a place."""


def nothing_rejected(_place: Place) -> list[str]:
    """Know of none."""
    return []


@dataclass
class _Shown:
    place: Place
    text: str
    since: float
    followed: bool = False
    """Whether some of it was typed or taken."""
    taken: bool = False
    """Whether all of it was."""


@dataclass(frozen=True)
class _Rejected:
    place: Place
    text: str
    when: float


class Rejections:
    """Follows what is shown and what is typed then, in all documents; belongs to the event loop.

    A suggestion is rejected when it stood there long enough to be read and something else was typed, with none of
    it typed before, or when it was taken and then taken away again. LSP has no word for one that was dismissed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self._shown: dict[str, _Shown] = {}
        self._rejected: deque[_Rejected] = deque(maxlen=_MOST)

    def showed(self, place: Place, text: str) -> None:
        """Take note that `text` is shown at `place`."""
        last = self._shown.get(place.uri)
        if last is not None:
            if last.text == text and _is_same(last.place, place):
                return
            typed = _typed(last.place, place)
            if typed and last.text == typed + text:
                return
        self._shown[place.uri] = _Shown(place, text, self._clock())

    def moved(self, place: Place) -> None:
        """Take note that the cursor is at `place`, after whatever was typed there."""
        last = self._shown.get(place.uri)
        typed = _typed(last.place, place) if last is not None else None
        if last is None or typed is None:
            return
        if typed and last.text.startswith(typed):
            last.followed, last.taken = True, last.taken or typed == last.text
        elif typed.startswith(last.text):
            last.followed = last.taken = True
        elif typed or last.taken:
            seen = self._clock() - last.since >= _SEEN_SECONDS
            # The first key may agree with it and bring more with it, such as a closing bracket.
            agreed = last.followed or typed[:1] == last.text[:1]
            if last.taken or (seen and not agreed):
                self._rejected.append(_Rejected(last.place, last.text, self._clock()))
            del self._shown[place.uri]

    def at(self, place: Place) -> list[str]:
        """Return the texts that were just rejected at `place`, or before the line ends that were typed there."""
        latest = self._clock() - _JUST_SECONDS
        return [one.text for one in self._rejected if one.when > latest and _is_where(one.place, place)]

    def forgive(self, place: Place) -> None:
        """Forget what was rejected at `place`: somebody asks for it by hand."""
        kept = [one for one in self._rejected if not _is_where(one.place, place)]
        self._rejected = deque(kept, maxlen=_MOST)

    def forget(self, uri: str) -> None:
        """Forget a document."""
        self._shown.pop(uri, None)
        self._rejected = deque((one for one in self._rejected if one.place.uri != uri), maxlen=_MOST)


def is_repeated(text: str, rejected: str) -> bool:
    """Whether `text` is what was rejected, a start of it, or has whole lines after it."""
    new, old = text.strip(), rejected.strip()
    return bool(new and old) and (old.startswith(new) or new.startswith(old + "\n"))


def _typed(start: Place, now: Place) -> str | None:
    """Return what stands between two places, None where the second does not follow from the first."""
    down = now.line - start.line
    if not 0 <= down <= _MOST_LINES:
        return None
    lines = now.prefix.rsplit("\n", down + 1)[-down - 1 :]
    if len(lines) <= down or not lines[0].startswith(start.line_before):
        return None
    return "\n".join(lines)[len(start.line_before) :]


def _is_same(one: Place, other: Place) -> bool:
    return (one.uri, one.prefix[-_BEFORE:], one.suffix[:_AFTER]) == (
        other.uri,
        other.prefix[-_BEFORE:],
        other.suffix[:_AFTER],
    )


def _is_where(rejected: Place, place: Place) -> bool:
    """Whether `place` is the one of a rejection, or only blank lines are between."""
    if _is_same(rejected, place):
        return True
    before, after = (one.prefix.rstrip()[-_BEFORE:] for one in (rejected, place))
    return (
        rejected.uri == place.uri
        and place.line > rejected.line
        and before == after
        and rejected.suffix[:_AFTER].split() == place.suffix[:_AFTER].split()
    )
