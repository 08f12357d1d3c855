"""The event loop's timing."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest

from benchmarks.latency import looptime
from benchmarks.latency.looptime import LoopTimes


def test_summary() -> None:
    times = LoopTimes()
    for wall in range(1, 101):
        times.add(float(wall), wall / 2, lambda wall=wall: f"callback {wall}")
    found = times.summary()
    assert (found["count"], found["wall_max_ms"], found["wall_p99_ms"], found["cpu_max_ms"]) == (100, 100, 99, 50)
    assert [one["name"] for one in found["worst"]] == [f"callback {n}" for n in range(100, 92, -1)]


def test_reset_forgets() -> None:
    times = LoopTimes()
    times.add(5.0, 5.0, lambda: "old")
    times.reset()
    assert times.summary() == {
        "count": 0,
        "wall_max_ms": 0.0,
        "wall_p99_ms": 0.0,
        "cpu_max_ms": 0.0,
        "cpu_p99_ms": 0.0,
        "worst": [],
    }


def test_every_callback_is_timed_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    times = LoopTimes()
    monkeypatch.setattr(asyncio.Handle, "_run", asyncio.Handle._run)  # put back after the test
    looptime.install(times)
    done = []

    async def work() -> None:
        asyncio.get_running_loop().call_soon(done.append, 1)
        await asyncio.sleep(0)

    asyncio.run(work())
    names = [one["name"] for one in times.summary()["worst"]]
    assert done == [1]
    assert any(name.endswith("work") for name in names)
    assert any(name == "list.append" for name in names)


def test_names() -> None:
    def callback(_first: Any = None) -> None: ...

    assert looptime.name_of(callback).endswith("test_names.<locals>.callback")
    assert looptime.name_of(functools.partial(callback, 1)).endswith("callback")
