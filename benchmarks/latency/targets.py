"""What the server must reach."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from benchmarks.latency.figures import Figures


@dataclass(frozen=True)
class Target:
    """One bound on one figure."""

    figure: str
    what: str
    bound: float
    at_least: bool = False
    beside: tuple[str, str] | None = None
    """Another figure that is shown with it, and what that is."""

    @property
    def bound_text(self) -> str:
        """The bound as people write it."""
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


TARGETS = (
    Target(
        "warm_over_limit_p50",
        "p50 of a warm keystroke's reply over the bare decode of the tokens it shows",
        1.15,
        beside=("warm_engine_over_limit_p50", "of those that reached the engine"),
    ),
    Target(
        "p50_over_llama-server",
        "p50 over llama-server's, asked as llama.vim asks",
        0.5,
        beside=("p50_over_llama-server_shown", "of keys that show something"),
    ),
    Target(
        "p95_over_plain",
        "p95 over plain create_completion's",
        0.2,
        beside=("p95_over_plain_answered", "of answered keys alone"),
    ),
    Target("late", "replies later than 550 ms", 0, beside=("events", "keystrokes")),
    Target(
        "evaluated_within_line_p95",
        "key within a line: prompt tokens evaluated, p95",
        8,
        beside=("evaluated_within_line_engine_p95", "of those that reached the engine"),
    ),
    Target(
        "evaluated_after_enter_p95",
        "after Enter: prompt tokens evaluated, p95",
        48,
        beside=("evaluated_after_enter_engine_p95", "of those that reached the engine"),
    ),
    Target(
        "evaluated_after_accept_p95",
        "after an accept: prompt tokens evaluated, p95",
        48,
        beside=("evaluated_after_accept_engine_p95", "of those that reached the engine"),
    ),
    Target(
        "evaluated_after_revisit_p95",
        "after switching back: prompt tokens evaluated, p95",
        48,
        beside=("evaluated_after_revisit_engine_p95", "of those that reached the engine"),
    ),
    Target(
        "own_python_p95_ms",
        "own Python outside llama_decode, p95, ms",
        5,
        beside=("own_python_engine_p95_ms", "of those that reached the engine"),
    ),
    Target(
        "loop_wall_max_ms",
        "event loop blocked, max, ms",
        10,
        beside=("machine_beside_max_ms", "2 ms of work on the bare machine in the same minutes"),
    ),
    Target(
        "depth_p50_ratio",
        "p50 at line 25,000 of 50,000 over that in 500 lines",
        1.2,
        beside=("depth_engine_p50_ratio", "of those that reached the engine"),
    ),
    Target("cancel_p99_ms", "cancel until the engine is free, p99, ms", 20, beside=("cancel_p50_ms", "p50")),
    Target("busy_late", "busy machine: replies later than 550 ms", 0, beside=("busy_events", "keystrokes")),
    Target(
        "busy_share",
        "busy machine: share of keys with a suggestion, over the idle machine's",
        0.5,
        at_least=True,
        beside=("busy_shown", "shown"),
    ),
    Target("rss_max_mb", "resident memory, max, MB", 400, beside=("rss_median_mb", "median")),
)


@dataclass(frozen=True)
class Outcome:
    """A target and what was measured; `value` and `met` are None when nothing was."""

    target: Target
    value: float | None
    beside: float | None

    @property
    def met(self) -> bool | None:
        """Whether the bound holds."""
        if self.value is None:
            return None
        return self.value >= self.target.bound if self.target.at_least else self.value <= self.target.bound

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        target = self.target
        plain = {"figure": target.figure, "what": target.what, "target": target.bound_text}
        return {**plain, "measured": self.value, "met": self.met}

    @property
    def verdict(self) -> str:
        """The same in words."""
        return {None: "not measured", True: "met", False: "not met"}[self.met]


def outcomes(figures: Figures) -> list[Outcome]:
    """Compare all targets with the figures of a run."""
    return [
        Outcome(
            target,
            _measured(figures, target.figure),
            _measured(figures, target.beside[0]) if target.beside else None,
        )
        for target in TARGETS
    ]


def _measured(figures: Figures, name: str) -> float | None:
    value = figures.get(name)
    return None if value is None or math.isnan(value) else float(value)
