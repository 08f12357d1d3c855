"""What happens when nobody has done anything for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol


class Timer(Protocol):
    """What `asyncio.AbstractEventLoop.call_later` returns."""

    def cancel(self) -> None:
        """Do not call."""


def _call_later(seconds: float, then: Callable[[], Any]) -> Timer:
    return asyncio.get_running_loop().call_later(seconds, then)


class Idle:
    """Calls `then` once after each quiet period; belongs to the event loop.

    A sign of life costs one assignment: the timer that runs is not replaced, it looks again when it ends.
    """

    def __init__(
        self,
        then: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        call_later: Callable[[float, Callable[[], Any]], Timer] = _call_later,
    ) -> None:
        self._then = then
        self._clock = clock
        self._call_later = call_later
        self._seconds = 0.0
        self._latest: float | None = None
        self._timer: Timer | None = None

    def limit(self, seconds: float) -> None:
        """Set how long a quiet period is, also for the one that runs; 0 is for ever."""
        if seconds == self._seconds:
            return
        self._seconds = seconds
        if self._timer is not None:
            self._timer.cancel()
        self._look()

    def note(self) -> None:
        """Take note of a sign of life."""
        self._latest = self._clock()
        if self._timer is None:
            self._look()

    def _look(self) -> None:
        """End the quiet period if it is over, else look again when it may be."""
        self._timer = None
        if self._latest is None or not self._seconds:
            return
        left = self._latest + self._seconds - self._clock()
        if left > 0:
            self._timer = self._call_later(left, self._look)
        else:
            self._latest = None
            self._then()
