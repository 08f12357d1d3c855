"""Percentiles, and what is counted of answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import KINDS

GROUPS = {
    "within_line": ("char", "backspace"),
    "after_enter": ("enter",),
    "after_accept": ("accept",),
    "after_paste": ("paste",),
    "after_revisit": ("revisit",),
}
"""Kinds of keystrokes for which evaluated prompt tokens are reported."""
WARM = ("char", "backspace", "enter")
_OWN_STAGES = ("arrival", "trigger", "cache", "context", "tokenize", "filters")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie; NaN for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Row:
    """Times of some answers, in milliseconds."""

    name: str
    asked: int
    answered: int
    shown: int
    p50: float
    p95: float
    p99: float
    worst: float

    @classmethod
    def of(cls, name: str, answers: Sequence[Answer]) -> Row:
        """Summarise; keys that were cancelled or overtaken count in `asked` only."""
        found = times(answers)
        shown = sum(1 for answer in answered(answers) if answer.text)
        percentiles = (percentile(found, share) for share in (0.5, 0.95, 0.99, 1.0))
        return cls(name, len(answers), len(found), shown, *percentiles)


def rows(answers: list[Answer]) -> list[Row]:
    """Return all answers together, and each kind of keystroke."""
    kinds = [Row.of(kind, of_kinds(answers, kind)) for kind in KINDS]
    return [Row.of("all", answers), *(row for row in kinds if row.answered)]


def answered(answers: Iterable[Answer]) -> list[Answer]:
    """Return those that were neither cancelled nor overtaken by the next key."""
    return [answer for answer in answers if not (answer.cancelled or answer.overtaken)]


def of_kinds(answers: Iterable[Answer], *kinds: str) -> list[Answer]:
    """Return the answers to keystrokes of these kinds."""
    return [answer for answer in answers if answer.kind in kinds]


def times(answers: Iterable[Answer]) -> list[float]:
    """Return the milliseconds of those that were answered."""
    return [answer.ms for answer in answered(answers)]


def seen_ms(answer: Answer) -> float:
    """Return the milliseconds from a key until there is something to see for it, or nothing to wait for."""
    return answer.ms if answer.seen_ms is None else answer.seen_ms


def engine_only(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers of ours for which the engine was asked; those from the cache have no prompt."""
    return [answer for answer in answered(answers) if answer.trace.get("counts", {}).get("prompt")]


@dataclass(frozen=True)
class Charge:
    """Tokens that one answer cost.

    `evaluated` are the prompt tokens that the KV lacked, also where the deadline came before all were evaluated.
    """

    answer: Answer
    prompt: int = 0
    reused: int = 0
    evaluated: int = 0
    decoded: int = 0


def charges(answers: Iterable[Answer]) -> list[Charge]:
    """Return what each answered keystroke cost, 0 for what came from the cache.

    Keys that are typed while a generation runs are served by it and all report its counts: each token is charged
    once, to the first keystroke that reports it. The times of a generation tell it from others.
    """
    seen: dict[Any, dict[str, int]] = {}
    found = []
    for answer in answered(answers):
        counts = answer.trace.get("counts") or {}
        if not counts.get("prompt"):
            found.append(Charge(answer))
            continue
        before = seen.get(_generation(counts), {})
        lacked = max(counts["evaluated"], counts["prompt"] - counts["reused"])
        current = {**{name: counts[name] for name in ("prompt", "reused", "decoded")}, "evaluated": lacked}
        now = {name: max(value, before.get(name, 0)) for name, value in current.items()}
        found.append(Charge(answer, **{name: value - before.get(name, 0) for name, value in now.items()}))
        seen[_generation(counts)] = now
    return found


def _generation(counts: dict[str, Any]) -> tuple[float, float]:
    return counts.get("queued_ms", 0.0), counts.get("tokenize_ms", 0.0)


def own_ms(trace: dict[str, Any]) -> float:
    """Return the time a request spent in our own Python: its stages without waiting and llama.cpp, and the gaps.

    A generation may have begun before its request, so the engine's times cannot simply be taken off the total. One
    that still went on at the deadline has a step or token whose time is not known, and so no gaps to be seen.
    """
    stages = trace["stages"]
    own = sum(stages.get(name, 0.0) for name in _OWN_STAGES)
    if trace.get("late"):
        return float(own)
    accounted = sum(value for name, value in stages.items() if name != "total")
    return float(own + max(0.0, stages["total"] - accounted))


def stage_values(answers: Iterable[Answer]) -> dict[str, list[float]]:
    """Return the milliseconds of each stage over the answers that reached the engine, 0 where it was left out."""
    every = [answer.trace["stages"] for answer in engine_only(answers)]
    names = dict.fromkeys(name for stages in every for name in stages)
    return {name: [stages.get(name, 0.0) for stages in every] for name in names}
