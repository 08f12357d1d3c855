"""How long each callback of an event loop takes: on the wall clock and in CPU time of the loop's own thread."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable
from typing import Any

_WORST = 8


class LoopTimes:
    """Times of callbacks in milliseconds since the last reset.

    Wall time contains preemption, by other programs and by the engine's threads; CPU time is the callback's work.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._wall, self._cpu = array("d"), array("d")
        self._worst: list[tuple[float, float, str]] = []

    def add(self, wall: float, cpu: float, name: Callable[[], str]) -> None:
        """Count a callback; `name` is only asked for when it is among the worst."""
        self._wall.append(wall)
        self._cpu.append(cpu)
        if len(self._worst) < _WORST or wall > self._worst[-1][0]:
            self._worst = sorted([*self._worst, (wall, cpu, name())], reverse=True)[:_WORST]

    def summary(self) -> dict[str, Any]:
        """Return count, maximum and p99 of both clocks, and the worst callbacks by wall time."""
        worst = [{"wall_ms": wall, "cpu_ms": cpu, "name": name} for wall, cpu, name in self._worst]
        return {"count": len(self._wall), **_clock("wall", self._wall), **_clock("cpu", self._cpu), "worst": worst}


def _clock(name: str, values: array[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    return {f"{name}_max_ms": ordered[-1], f"{name}_p99_ms": ordered[int(0.99 * (len(ordered) - 1))]}


def name_of(callback: Any) -> str:
    """Return the coroutine's name where the callback is a step of a task, else the callback's own."""
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        return str(getattr(task.get_coro(), "__qualname__", task))
    callback = getattr(callback, "func", callback)  # functools.partial
    return str(getattr(callback, "__qualname__", None) or type(callback).__qualname__)


def install(times: LoopTimes) -> None:
    """Time every callback of every loop of this process from now on.

    All of them, a task's steps too, are run by the private `Handle._run`; asyncio has no public hook.
    """
    run = asyncio.Handle._run

    def timed(handle: Any) -> None:
        callback, wall, cpu = handle._callback, time.perf_counter(), time.thread_time()
        run(handle)
        cpu_ms, wall_ms = (time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
        times.add(wall_ms, cpu_ms, lambda: name_of(callback))

    setattr(asyncio.Handle, "_run", timed)  # noqa: B010 - mypy lets nobody assign to a method
