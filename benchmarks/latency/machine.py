"""What this machine does to a thread that has little to do: alone, and beside one that computes for each core.

An event loop can be no better: where a piece of work that mostly takes 2 ms is held up here, no server had a part
in it. A piece is always the same work, not the same CPU time, of which a hypervisor's share is a part.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import statistics
import sys
import threading
import time

from ai_lsp import timeslice
from benchmarks.latency.stats import percentile

_WORK, _GAP = 0.002, 0.01
"""Seconds of a piece of work, and between two: about what a key takes."""
_SECONDS = 1.0
"""Of one sample."""
_BLOCK = bytes(8 << 20)
"""Hashed without the interpreter's lock."""


class Machine:
    """Sampled between the segments of a run, in a process of its own, so that it is the same machine."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._pieces: dict[str, list[float]] = {"alone": [], "beside": []}

    async def sample(self) -> None:
        """Measure for a second alone, and for one beside other threads."""
        if self._process is None:
            command, pipe = (sys.executable, "-m", __spec__.name), asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 20)
        assert self._process.stdin is not None and self._process.stdout is not None
        for name, threads in (("alone", 0), ("beside", os.cpu_count() or 1)):
            self._process.stdin.write(b"%d\n" % threads)
            self._pieces[name] += json.loads(await self._process.stdout.readline())

    async def stop(self) -> dict[str, float]:
        """End the process; return the median, the 99th percentile and the longest of the pieces, in ms."""
        if self._process is not None:
            await self._process.communicate(b"")  # its end is that of the process
        return figures("alone", self._pieces["alone"]) | figures("beside", self._pieces["beside"])


def figures(name: str, pieces: list[float]) -> dict[str, float]:
    """Return the figures of some pieces; none where nothing was measured."""
    if not pieces:
        return {}
    return {
        f"machine_{name}_p50_ms": percentile(pieces, 0.5),
        f"machine_{name}_p99_ms": percentile(pieces, 0.99),
        f"machine_{name}_max_ms": max(pieces),
        f"machine_{name}_pieces": len(pieces),
    }


def measure(steps: int, threads: int, seconds: float) -> list[float]:
    """Return the milliseconds of each piece, beside so many threads with the slices that the server asks for."""
    over = threading.Event()
    others = [threading.Thread(target=_compute, args=(over,)) for _ in range(threads)]
    for other in others:
        other.start()
    timeslice.ask(timeslice.SHORT, alone=True)
    pieces, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(_GAP)
        pieces.append(1000 * _piece(steps))
    over.set()
    for other in others:
        other.join()
    return pieces


def steps_of(seconds: float) -> int:
    """Return how many steps mostly take so long, with the same gaps between them."""
    steps = 10_000
    return round(steps * 1000 * seconds / statistics.median(measure(steps, 0, _SECONDS)))


def _piece(steps: int) -> float:
    begun = time.perf_counter()
    for _ in range(steps):
        pass
    return time.perf_counter() - begun


def _compute(over: threading.Event) -> None:
    timeslice.ask(timeslice.LONG)
    while not over.is_set():
        hashlib.sha256(_BLOCK)


def serve() -> None:
    """Answer each number of threads on standard input with a sample."""
    steps = steps_of(_WORK)
    for line in sys.stdin:
        print(json.dumps(measure(steps, int(line), _SECONDS)), flush=True)


if __name__ == "__main__":
    serve()
