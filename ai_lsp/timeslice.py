"""How long Linux lets a thread compute before it looks for another one that wants the core.

Where as many threads compute as there are cores, the event loop shares one with them. By default it is taken off
its core in the middle of a key, for a tick of 4 ms or two, although it computes little: its slice is 1.4 ms.
From Linux 6.12 on every thread may say what slice it wants. One that asks for less than what is running goes first
when it wakes, and then stays for all of its own; it gets no more of the machine, only sooner. Beside two threads
that compute, a callback that works for 2.5 ms began 0.1 ms late instead of 3.8, and took 2.6 ms instead of 6.2
(p95).
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from ai_lsp import syscall

SHORT = 3.0
"""Milliseconds for the event loop: longer than it works at a time."""
MIDDLE = 20.0
"""Milliseconds for threads that the event loop waits for: with the interpreter's lock they hold it up."""
LONG = 100.0
"""Milliseconds for threads that compute; the most that Linux gives."""

PAUSE = 0.001
"""Seconds that are enough of a `pause`."""
_NOT_INHERITED = 1
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
"""Numbers of the system call."""


class _Attributes(ctypes.Structure):
    """The kernel's ``struct sched_attr``, of its first version."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime", ctypes.c_uint64),
        ("deadline", ctypes.c_uint64),
        ("period", ctypes.c_uint64),
    )


def ask(milliseconds: float, *, alone: bool = False) -> bool:
    """Ask for a slice of so many milliseconds for this thread and, unless `alone`, for what it starts.

    Return whether Linux took note, which before 6.12 it does without doing anything. It needs no privilege.
    """
    if sys.platform != "linux" or (policy := os.sched_getscheduler(0)) & ~os.SCHED_RESET_ON_FORK != os.SCHED_OTHER:
        return False
    nice, runtime = os.getpriority(os.PRIO_PROCESS, 0), int(milliseconds * 1e6)
    flags = _NOT_INHERITED if alone or policy & os.SCHED_RESET_ON_FORK else 0  # which only privilege takes back
    wanted = _Attributes(ctypes.sizeof(_Attributes), os.SCHED_OTHER, flags, nice, 0, runtime, 0, 0)
    return syscall.call(_SCHED_SETATTR, 0, ctypes.byref(wanted), 0)


async def pause() -> None:
    """Let the loop sleep a moment, between two pieces of work of a millisecond or two.

    Together with what else a key brings they are more than its slice, which begins anew when it wakes: in 700 keys
    29 callbacks of the source `scope` took more than 4 ms, most of it waiting for a core, and 3 with pauses.
    """
    await asyncio.sleep(PAUSE)


def pool(threads: int, name: str) -> ThreadPoolExecutor:
    """Return threads that make way for the event loop, and the engine for them. All of them run already.

    By default a thread is started when there is work and none is idle, and who brings the work waits until it
    runs: 10 ms and more beside an engine that computes.
    """
    made = ThreadPoolExecutor(threads, name, initializer=ask, initargs=(MIDDLE,))
    all_run = threading.Event()
    for _ in range(threads):
        made.submit(all_run.wait)
    all_run.set()
    return made
