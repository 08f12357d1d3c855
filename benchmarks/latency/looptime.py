"""How long each callback of an event loop takes, and whether it worked, waited for a core, or for a collection."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

LONG_MS = 10.0
"""What no callback should take."""
_WORST = 8


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of one callback.

    The rest of `wall_ms`, beyond `cpu_ms` and `core_ms`, is waiting for the interpreter's lock, or a hypervisor.
    """

    wall_ms: float
    cpu_ms: float
    """The work of the loop's own thread."""
    core_ms: float
    """Waiting for a core, which the engine's threads or other programs had; 0 where the system does not tell."""
    gc_ms: float
    """Garbage collections meanwhile, in whichever thread: part of `cpu_ms` in this one, of waiting in another."""


class LoopTimes:
    """What callbacks took since the last reset, in memory that does not grow: it would count as the server's."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._counts = {field.name: Counter[int]() for field in fields(Spent)}
        """How many took so many hundredths of a millisecond, the fraction cut off."""
        self._longest = dict.fromkeys(self._counts, 0.0)
        self._long = 0
        self._worst: list[tuple[Spent, str]] = []

    def add(self, spent: Spent, name: Callable[[], str]) -> None:
        """Count a callback; `name` is only asked for when it is among the worst."""
        self._long += spent.wall_ms > LONG_MS
        for kind, counts in self._counts.items():
            ms = getattr(spent, kind)
            counts[int(100 * ms)] += 1
            self._longest[kind] = max(self._longest[kind], ms)
        if len(self._worst) < _WORST or spent.wall_ms > self._worst[-1][0].wall_ms:
            self._worst.append((spent, name()))
            self._worst = sorted(self._worst, key=lambda one: -one[0].wall_ms)[:_WORST]

    def summary(self) -> dict[str, Any]:
        """Return how many, of them long ones, maxima and p99, and the worst callbacks by wall time."""
        total = self._counts["wall_ms"].total()
        found: dict[str, Any] = {"count": total, "long_count": self._long}
        for name, counts in self._counts.items():
            kind, rank = name.removesuffix("_ms"), int(0.99 * (total - 1))
            found |= {f"{kind}_max_ms": self._longest[name], f"{kind}_p99_ms": _at(rank, counts)}
        return {**found, "worst": [{**asdict(spent), "name": name} for spent, name in self._worst]}


def _at(rank: int, counts: Counter[int]) -> float:
    """Return the time in milliseconds that so many others are not above; 0 where there is none."""
    for hundredths in sorted(counts):
        rank -= counts[hundredths]
        if rank < 0:
            return hundredths / 100
    return 0.0


def name_of(callback: Any) -> str:
    """Return the coroutine's name where the callback is a step of a task, else the callback's own."""
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        return str(getattr(task.get_coro(), "__qualname__", task))
    callback = getattr(callback, "func", callback)  # functools.partial
    return str(getattr(callback, "__qualname__", None) or type(callback).__qualname__)


def install(times: LoopTimes) -> None:
    """Time every callback of this thread's loops from now on.

    All of them, a task's steps too, are run by the private `Handle._run`; asyncio has no public hook.
    """
    run, waited, collected = asyncio.Handle._run, _core_clock(), _collection_clock()

    def timed(handle: Any) -> None:
        callback, clocks = handle._callback, (time.perf_counter, time.thread_time, waited, collected)
        before = [clock() for clock in reversed(clocks)]  # the wall's goes last, and first at the end
        run(handle)
        after = [clock() for clock in clocks]
        spent = ((now - since) * 1000 for now, since in zip(after, reversed(before), strict=True))
        times.add(Spent(*spent), lambda: name_of(callback))

    setattr(asyncio.Handle, "_run", timed)  # noqa: B010 - mypy lets nobody assign to a method


def _core_clock() -> Callable[[], float]:
    """Return what tells the seconds for which this thread was ready to run and had no core.

    It is read with the interpreter's lock held. `os.pread` lets go of it, and what another thread then does with
    it at both ends of a callback would count as the callback's.
    """
    try:
        file = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
    except OSError:  # not Linux, or built without it
        return lambda: 0.0
    read, text = ctypes.PyDLL(None).pread, ctypes.create_string_buffer(64)
    read.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long]

    def waited() -> float:
        size = read(file, text, len(text), 0)
        return int(text.raw[:size].split()[1]) / 1e9

    return waited


def _collection_clock() -> Callable[[], float]:
    """Return what tells the seconds that garbage collections have taken since now, by the wall clock."""
    total = begun = 0.0

    def note(phase: str, _about: dict[str, int]) -> None:
        nonlocal total, begun
        if phase == "start":
            begun = time.perf_counter()
        else:
            total += time.perf_counter() - begun

    gc.callbacks.append(note)
    return lambda: total
