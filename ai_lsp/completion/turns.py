"""Whose turn it is: of the requests for one document only the newest may still be answered with text."""

from __future__ import annotations

import asyncio
from typing import Any


class Silence(Exception):
    """Nothing is suggested; the message says why."""


class Turn:
    """One request's right to answer, lost when a newer request or version comes."""

    def __init__(self) -> None:
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def lose(self, reason: str) -> None:
        """Take the turn away; whoever waits in `until` is woken with `Silence`."""
        if not self._lost.done():
            self._lost.set_result(reason)

    async def until(self, done: asyncio.Future[Any] | None, timeout: float) -> bool:
        """Wait for `done`, `timeout` seconds at most; tell whether it is done.

        Raises `Silence` as soon as the turn is lost. `done` itself is never cancelled.
        """
        waited: set[asyncio.Future[Any]] = {self._lost} if done is None else {self._lost, done}
        await asyncio.wait(waited, timeout=max(0.0, timeout), return_when=asyncio.FIRST_COMPLETED)
        if self._lost.done():
            raise Silence(self._lost.result())
        return done is not None and done.done()


class Turns:
    """The current turn of each document."""

    def __init__(self) -> None:
        self._current: dict[str, Turn] = {}

    def begin(self, key: str) -> Turn:
        """Start a turn for `key`; the one before it loses its own."""
        self.revoke(key, "superseded by a newer request")
        turn = self._current[key] = Turn()
        return turn

    def revoke(self, key: str, reason: str) -> None:
        """End the current turn of `key`, if there is one."""
        if (turn := self._current.pop(key, None)) is not None:
            turn.lose(reason)

    def has(self, key: str, turn: Turn) -> bool:
        """Tell whether `turn` is the current one of `key`."""
        return self._current.get(key) is turn

    def is_on(self, key: str) -> bool:
        """Tell whether `key` has a current turn."""
        return key in self._current

    def end(self, key: str, turn: Turn) -> None:
        """Forget `turn` after its answer."""
        if self.has(key, turn):
            del self._current[key]
