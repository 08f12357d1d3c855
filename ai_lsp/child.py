"""Child processes as streams of the event loop, and event loops that end although a child was just started.

A task that is cancelled while asyncio connects the pipes of a child process may wait for ever: in CPython 3.11
`BaseSubprocessTransport._wait` is only woken where all of the pipes were connected. `asyncio.run` cancels whatever
is left at its end, those that connect the pipes too, and waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Result = TypeVar("Result")


class _Starts:
    """The starts of one event loop."""

    def __init__(self) -> None:
        self.going_on: set[asyncio.Future[None]] = set()
        self.are_over = False


_starts: WeakKeyDictionary[asyncio.AbstractEventLoop, _Starts] = WeakKeyDictionary()


async def start(*command: str, **options: Any) -> asyncio.subprocess.Process:
    """Start a process; `options` are those of `asyncio.create_subprocess_exec`.

    Raises OSError when it cannot be started, and once the event loop is about to end.
    """
    loop = asyncio.get_running_loop()
    starts = _starts.setdefault(loop, _Starts())
    if starts.are_over:
        raise ChildProcessError(f"{command[0]} is not started: the event loop ends")
    started = loop.create_future()
    starts.going_on.add(started)
    try:
        return await asyncio.create_subprocess_exec(*command, **options)
    finally:
        starts.going_on.discard(started)
        started.set_result(None)


async def settled() -> None:
    """Wait until no process is being started in this event loop; from now on none is."""
    starts = _starts.setdefault(asyncio.get_running_loop(), _Starts())
    starts.are_over = True
    if starts.going_on:
        await asyncio.wait(starts.going_on)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run `main` as `asyncio.run` does, and end after it, whatever child was just being started."""

    async def to_its_end() -> Result:
        try:
            return await main
        finally:
            await settled()

    return asyncio.run(to_its_end())
