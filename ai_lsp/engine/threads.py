"""How many threads decode just now: all that were asked for on a quiet machine, fewer on a busy one.

Threads of one matrix product wait for each other many times a token. When another program holds a core, every
one of them waits for the slowest: with two busy cores a token took 46 ms on two threads and 11 ms on one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ai_lsp.engine.load import OthersLoad

_QUIET, _BUSY = 0.3, 0.5
"""Cores used by others below which threads are added and above which they are taken away."""
_SLOW = 2.5
"""A token that takes so many times its usual time means that somebody else wants the machine."""
_HOLD_SECONDS = 1.0
"""How long the count stays down after a slow token."""


class ThreadGovernor:
    """Chooses the thread count from the load of others and from the time that tokens take."""

    def __init__(
        self,
        most: int,
        cores: int,
        others: Callable[[], float | None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`most` is what an idle machine runs best with, `cores` how many there are."""
        self._most = self._chosen = most
        self._cores = cores
        self.spare = False
        """Whether nobody waits for what is computed: then a core is left to the event loop."""
        self._others = others or OthersLoad().cores
        self._clock = clock
        self._held_until = 0.0
        self._usual: dict[int, float] = {}

    @property
    def threads(self) -> int:
        """The thread count for what is computed now."""
        return self._chosen - self.leaves_core

    @property
    def leaves_core(self) -> bool:
        """Whether there is one thread fewer than who waits would have."""
        return self.spare and self._chosen >= self._cores > 1

    @property
    def pace(self) -> float:
        """The share of the speed that who waits would have: threads over threads."""
        return self.threads / self._chosen

    def look(self) -> int:
        """Return the thread count for the next piece of work."""
        others = self._others()
        if others is None:
            return self.threads
        if others > _BUSY:
            self._chosen = max(1, min(self._most, int(self._cores - others + 0.5)))
        elif others < _QUIET and self._clock() >= self._held_until:
            self._chosen = self._most
        return self.threads

    def decoded(self, ms: float) -> int:
        """Learn from one token's time; return the thread count for the next one."""
        usual = self._usual.get(self.threads, ms)
        self._usual[self.threads] = min(ms, usual * 1.02)
        if self.threads > 1 and ms > _SLOW * usual:
            self._chosen = max(1, self._chosen // 2)
            self._held_until = self._clock() + _HOLD_SECONDS
        return self.threads
