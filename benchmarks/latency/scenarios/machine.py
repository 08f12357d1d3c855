"""What this machine does to a thread that has little to do: alone, and beside one that computes for each core.

An event loop can be no better: where a piece of work that takes 2 ms is held up here, no server had a part in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable

from ai_lsp import timeslice
from benchmarks.latency.stats import percentile

_WORK, _GAP = 0.002, 0.01
"""Seconds of a piece of work, and between two: about what a key takes."""
_BLOCK = bytes(8 << 20)
"""Hashed without the interpreter's lock."""


async def run(seconds: float, say: Callable[[str], None]) -> dict[str, float]:
    """Measure for so many seconds each, in processes of their own."""
    found: dict[str, float] = {}
    for name, threads in (("alone", 0), ("beside", os.cpu_count() or 1)):
        say(f"machine: {seconds:.0f} s {name}")
        command = (sys.executable, "-m", __spec__.name, str(threads), str(seconds))
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        found |= figures(name, json.loads(out))
    return found


def figures(name: str, pieces: list[float]) -> dict[str, float]:
    """Return the longest piece, and the 99th percentile; milliseconds."""
    return {
        f"machine_{name}_max_ms": max(pieces),
        f"machine_{name}_p99_ms": percentile(pieces, 0.99),
        f"machine_{name}_pieces": len(pieces),
    }


def measure(threads: int, seconds: float) -> list[float]:
    """Return the milliseconds of each piece, beside so many threads with the slices that the server asks for."""
    over = threading.Event()
    others = [threading.Thread(target=_compute, args=(over,)) for _ in range(threads)]
    for other in others:
        other.start()
    timeslice.ask(timeslice.SHORT, alone=True)
    pieces, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(_GAP)
        pieces.append(_piece())
    over.set()
    for other in others:
        other.join()
    return pieces


def _piece() -> float:
    begun, until = time.perf_counter(), time.thread_time() + _WORK
    while time.thread_time() < until:
        pass
    return (time.perf_counter() - begun) * 1000


def _compute(over: threading.Event) -> None:
    timeslice.ask(timeslice.LONG)
    while not over.is_set():
        hashlib.sha256(_BLOCK)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), float(sys.argv[2]))))
