"""Answers as the tests of the benchmark need them."""

from __future__ import annotations

from typing import Any

from benchmarks.latency.replay import Answer


def answer(kind: str = "char", ms: float = 10.0, text: str = "x", **fields: Any) -> Answer:
    """An answer from neither cache nor engine."""
    return Answer(kind, 0, ms, text, **fields)


def from_engine(
    kind: str = "char",
    ms: float = 10.0,
    text: str = "x",
    *,
    prompt: int = 100,
    evaluated: int = 0,
    decoded: int = 5,
    generation: float = 1.0,
    **fields: Any,
) -> Answer:
    """An answer that a generation gave; equal `generation` numbers mean the same one."""
    counts = {
        "prompt": prompt,
        "reused": prompt - evaluated,
        "evaluated": evaluated,
        "decoded": decoded,
        "queued_ms": generation,
        "tokenize_ms": 0.5,
    }
    stages = {"context": 1.0, "decode": 6.0, "debounce": 1.0, "total": ms}
    return Answer(kind, 0, ms, text, trace={"counts": counts, "stages": stages}, **fields)


def from_cache(kind: str = "char", ms: float = 1.0, text: str = "x") -> Answer:
    """An answer that was typed through."""
    return Answer(kind, 0, ms, text, trace={"cached": True, "counts": {"prompt": 0}, "stages": {"total": ms}})
