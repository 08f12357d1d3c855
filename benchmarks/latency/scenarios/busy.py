"""The beginning of the trace once more, while a C++ compiler keeps every core busy.

A fresh server types it, so that nothing is in its cache from the idle phase.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.latency.corpus import File
from benchmarks.latency.ours import Ours
from benchmarks.latency.replay import LATE_MS, Answer, replay, segments
from benchmarks.latency.scenarios.compiler import compiling
from benchmarks.latency.stats import percentile, times
from benchmarks.latency.traces import Event


async def run(
    ours: Ours, files: list[File], events: list[Event], idle: list[Answer], say: Callable[[str], None]
) -> dict[str, float]:
    """Replay `events`; `idle` are the answers that they got on the idle machine."""
    await ours.start(files)
    busy: list[Answer] = []
    with compiling():
        for segment in segments(events):
            say(f"busy: {len(busy)} of {len(events)} events")
            busy += await replay(ours, segment)
    await ours.stop()
    return figures(busy, idle)


def figures(busy: list[Answer], idle: list[Answer]) -> dict[str, float]:
    """Return late replies, and how many keys still got a suggestion, against the idle machine."""
    shown = [sum(bool(answer.text) for answer in answers) / max(1, len(answers)) for answers in (busy, idle)]
    return {
        "busy_late": sum(answer.ms > LATE_MS for answer in busy),
        "busy_events": len(busy),
        "busy_p50_ms": percentile(times(busy), 0.5),
        "busy_p95_ms": percentile(times(busy), 0.95),
        "busy_shown": shown[0],
        "busy_share": shown[0] / shown[1] if shown[1] else float("nan"),
    }
