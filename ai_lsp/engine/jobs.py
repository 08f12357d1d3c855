"""What the engine thread is asked to do, in order of who waits for it."""

from __future__ import annotations

import enum
import itertools
import time
from concurrent.futures import Future
from dataclasses import dataclass, field

from ai_lsp.engine.generate import Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.prompt import PromptChoice

_numbers = itertools.count()

WARMED = "warmed"
"""Why a warm-up ended whose whole prompt is in the KV now."""


class Priority(enum.IntEnum):
    """Who goes first; a job of a lower number stops one of a higher number that is running."""

    COMPLETION = 0
    WARM_UP = 1
    AHEAD = 2
    """What may be wanted next."""
    RENEWAL = 3
    """A better prompt for a place whose present one will do."""

    @property
    def is_spare(self) -> bool:
        """Whether nobody waits for it, so that it takes longer rather than hold up who types."""
        return self >= Priority.AHEAD

    @property
    def is_whole(self) -> bool:
        """Whether nothing is to be done unless all of the prompt fits: shortened, it is another one in the KV."""
        return self is Priority.AHEAD


@dataclass(eq=False)
class Job:
    """One piece of work for the engine thread; `done` resolves exactly once, also when it is stopped."""

    key: str
    """What it is for, usually a document: a newer job of the same key and priority replaces a waiting one."""
    choice: PromptChoice
    priority: Priority
    limits: Limits | None = None
    """Set for a generation, None for a warm-up."""
    passing: bool = False
    """Of a warm-up: whether it is for a document that is only looked at."""
    generation: Generation = field(default_factory=Generation)
    done: Future[Generation] = field(default_factory=Future)
    stopped: bool = False
    """Nobody wants it any more: it ends at the next chance."""
    yielding: bool = False
    """Another job for the same document waits: it makes way after the step it is in, which both need."""
    submitted: float = field(default_factory=time.perf_counter)
    number: int = field(default_factory=lambda: next(_numbers))

    def resolve(self, error: str = "") -> None:
        """Settle `done`, once; `error` says what went wrong, for people."""
        if self.done.done():
            return
        self.generation.error = error
        if not self.generation.reason:
            self.generation.reason = "failed" if error else "stopped"
        self.done.set_result(self.generation)
