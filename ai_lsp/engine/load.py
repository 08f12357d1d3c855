"""How much of the machine other programs use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

_STAT = Path("/proc/stat")
_LEAST_WINDOW = 0.05
"""Seconds between two looks below which the kernel's counters are too coarse."""


def busy_seconds() -> float | None:
    """Return the CPU seconds that all programs have used since the start; None where the kernel does not say."""
    try:
        fields = _STAT.read_text("ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _iowait, irq, softirq = map(int, fields[:7])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


class OthersLoad:
    """Cores that other programs kept busy since the last look."""

    def __init__(
        self,
        busy: Callable[[], float | None] = busy_seconds,
        own: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._busy, self._own, self._clock = busy, own, clock
        self._last = self._read()

    def _read(self) -> tuple[float, float, float | None]:
        return self._clock(), self._own(), self._busy()

    def cores(self) -> float | None:
        """Return them, as a number of cores; None when it is too early to tell or cannot be told."""
        before, now = self._last, self._read()
        seconds = now[0] - before[0]
        if seconds < _LEAST_WINDOW:
            return None
        self._last = now
        if now[2] is None or before[2] is None:
            return None
        return max(0.0, (now[2] - before[2] - (now[1] - before[1])) / seconds)
