"""How often each filter ran, cut and kept back lately, and the time it took."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

_LATELY = 500
"""Suggestions that are looked back on."""


@dataclass(slots=True)
class Turn:
    """What one filter did to one suggestion, in all passes of the chain together."""

    ran: bool = False
    cut: bool = False
    vetoed: bool = False
    failed: bool = False
    ms: float = 0.0


@dataclass(slots=True)
class Count:
    """What one filter did over some time; the counts are of suggestions."""

    ran: int = 0
    cut: int = 0
    """How many it changed and let through."""
    vetoed: int = 0
    failed: int = 0

    def add(self, turn: Turn) -> None:
        """Count one suggestion."""
        self.ran += 1
        self.cut += turn.cut and not turn.vetoed
        self.vetoed += turn.vetoed
        self.failed += turn.failed


@dataclass(frozen=True, slots=True)
class Tally:
    """What one filter did lately; the counts are of suggestions."""

    ran: int
    cut: int
    """How many it changed and let through."""
    vetoed: int
    failed: int
    median_ms: float
    most_ms: float


class Tallies:
    """The latest turns of each filter."""

    def __init__(self, lately: int = _LATELY) -> None:
        """Look back on the last `lately` suggestions that each filter saw."""
        self._lately = lately
        self._turns: dict[str, deque[Turn]] = {}
        self._new: dict[str, Count] = {}

    def add(self, turns: Mapping[str, Turn]) -> None:
        """Take note of what the filters did to one suggestion; those that did not run are left out."""
        for name, turn in turns.items():
            if turn.ran:
                self._turns.setdefault(name, deque(maxlen=self._lately)).append(turn)
                self._new.setdefault(name, Count()).add(turn)

    def take(self) -> dict[str, Count]:
        """Return what was counted since the last time, by name."""
        taken, self._new = self._new, {}
        return taken

    def of(self, name: str) -> Tally:
        """Return what the filter `name` did lately; all zero for one that never ran."""
        turns = self._turns.get(name, ())
        times = [turn.ms for turn in turns] or [0.0]
        return Tally(
            ran=len(turns),
            cut=sum(turn.cut and not turn.vetoed for turn in turns),
            vetoed=sum(turn.vetoed for turn in turns),
            failed=sum(turn.failed for turn in turns),
            median_ms=median(times),
            most_ms=max(times),
        )
