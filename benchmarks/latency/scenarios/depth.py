"""The same keys at line 25,000 of a 50,000-line file and in a 500-line file, by turns.

The 500 lines around the cursor are the same, so that the model has the same work.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.latency import traces
from benchmarks.latency.corpus import File
from benchmarks.latency.ours import Ours
from benchmarks.latency.replay import Answer, replay
from benchmarks.latency.stats import answered, engine_only, percentile, times
from benchmarks.latency.traces import Event

_BLOCK, _LINES = 500, 50_000
_WARM_RESTS = 3
_FIRST = 250
"""The block's line where typing starts."""


def files(block: str, filler: str) -> tuple[list[File], int]:
    """Return the small and the large file, and how many characters further down the block lies in the latter."""
    lines = block.splitlines(keepends=True)[:_BLOCK]
    rest = filler.splitlines(keepends=True)
    rest *= _LINES // len(rest) + 1
    above = _LINES // 2 - _FIRST
    before = "".join(rest[:above])
    after = "".join(rest[above : _LINES - len(lines)])
    small = "".join(lines)
    python = "python"
    return [File("depth_s.py", python, small), File("depth_l.py", python, before + small + after)], len(before)


def code_lines(text: str) -> list[int]:
    """Return the lines of the block's second half that hold code."""
    lines = text.split("\n")
    return [n for n in range(_FIRST, min(len(lines), _FIRST + _BLOCK // 4)) if 20 < len(lines[n].strip()) < 80]


async def run(
    ours: Ours, corpus: list[File], rounds: int, seed: int, say: Callable[[str], None]
) -> dict[str, float]:
    """Type so many pairs of lines in both files, the other one first each time."""
    both, by = files(corpus[1].text, corpus[1].text)
    found: tuple[list[Answer], list[Answer]] = ([], [])
    await ours.start(both)
    starts = code_lines(both[0].text)
    for which in (0, 1):
        await _warm(ours, both[0].text, starts[0], which, by * which)
    for n in range(rounds):
        say(f"depth: round {n + 1} of {rounds}")
        line = starts[n * 4 % len(starts)]
        events = traces.retyped(both[0].text, range(line, line + 2), seed + n)
        for which in (0, 1) if n % 2 else (1, 0):
            answers = await replay(ours, traces.moved(events, which, by * which))
            found[which].extend(answers[1:])  # the first one is cold
    await ours.stop()
    return figures(*found)


async def _warm(ours: Ours, text: str, line: int, which: int, by: int) -> None:
    """Bring the place into the KV, so that all that follows is warm in both files."""
    place = sum(map(len, text.splitlines(keepends=True)[:line]))
    await ours.answer(Event(0.0, which, "jump", place + by, 0, ""))
    for _ in range(_WARM_RESTS):
        await ours.rest()


def alike(small: list[Answer], large: list[Answer]) -> tuple[list[Answer], list[Answer]]:
    """Return the keys that were answered in both files, and in the same way: by the cache, the engine or neither.

    A reply takes 1 ms from the cache and 100 from the engine; how many there are of each is chance.
    """
    pairs = [
        (one, other)
        for one, other in zip(small, large, strict=True)
        if len(answered((one, other))) == 2 and _way(one) == _way(other)
    ]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _way(answer: Answer) -> tuple[bool, bool]:
    return bool(answer.trace.get("cached")), bool(engine_only([answer]))


def figures(small: list[Answer], large: list[Answer]) -> dict[str, float]:
    """Return the ratio of the medians, over the keys answered alike and over those that reached the engine."""
    small, large = alike(small, large)
    by_name = {
        "depth_small_p50_ms": percentile(times(small), 0.5),
        "depth_large_p50_ms": percentile(times(large), 0.5),
        "depth_small_engine_p50_ms": percentile(times(engine_only(small)), 0.5),
        "depth_large_engine_p50_ms": percentile(times(engine_only(large)), 0.5),
    }
    return {
        **by_name,
        "depth_pairs": len(small),
        "depth_p50_ratio": by_name["depth_large_p50_ms"] / by_name["depth_small_p50_ms"],
        "depth_engine_p50_ratio": by_name["depth_large_engine_p50_ms"] / by_name["depth_small_engine_p50_ms"],
    }
