"""The event loop's timing."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.latency import looptime
from benchmarks.latency.looptime import LoopTimes, Spent


def test_summary() -> None:
    times = LoopTimes()
    for wall in range(1, 101):
        times.add(Spent(float(wall), wall / 2, wall / 4, wall / 10), lambda wall=wall: f"callback {wall}")
    found = times.summary()
    assert (found["count"], found["wall_max_ms"], found["wall_p99_ms"], found["cpu_max_ms"]) == (100, 100, 99, 50)
    assert found["long_count"] == 90
    assert (found["core_max_ms"], found["core_p99_ms"]) == (25, 24.75)
    assert [one["name"] for one in found["worst"]] == [f"callback {n}" for n in range(100, 92, -1)]
    assert found["worst"][0] == {"wall_ms": 100, "cpu_ms": 50, "core_ms": 25, "gc_ms": 10, "name": "callback 100"}


def test_reset_forgets() -> None:
    times = LoopTimes()
    times.add(Spent(5.0, 5.0, 0.0, 0.0), lambda: "old")
    times.reset()
    assert times.summary() == {
        "count": 0,
        "long_count": 0,
        "wall_max_ms": 0.0,
        "wall_p99_ms": 0.0,
        "cpu_max_ms": 0.0,
        "cpu_p99_ms": 0.0,
        "core_max_ms": 0.0,
        "core_p99_ms": 0.0,
        "gc_max_ms": 0.0,
        "gc_p99_ms": 0.0,
        "worst": [],
    }


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopTimes]:
    """The times of this test's event loops."""
    times = LoopTimes()
    monkeypatch.setattr(asyncio.Handle, "_run", asyncio.Handle._run)  # put back after the test
    before = list(gc.callbacks)
    looptime.install(times)
    yield times
    gc.callbacks[:] = before


def test_every_callback_is_timed_and_named(times: LoopTimes) -> None:
    done = []

    async def work() -> None:
        asyncio.get_running_loop().call_soon(done.append, 1)
        await asyncio.sleep(0)

    asyncio.run(work())
    names = [one["name"] for one in times.summary()["worst"]]
    assert done == [1]
    assert any(name.endswith("work") for name in names)
    assert any(name == "list.append" for name in names)


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system does not tell it")
def test_a_callback_that_shares_its_core_has_waited_for_it(times: LoopTimes) -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:

        async def work() -> None:
            until = time.thread_time() + 0.1
            while time.thread_time() < until:
                pass

        asyncio.run(work())
    finally:
        os.sched_setaffinity(0, allowed)
        other.kill()
        other.wait()
    worst = times.summary()["worst"][0]
    assert worst["name"].endswith("work") and worst["cpu_ms"] >= 100
    assert 0 < worst["core_ms"] <= worst["wall_ms"] - worst["cpu_ms"] + 1


def test_collections_are_told_from_other_work(times: LoopTimes) -> None:
    kept = [[n] for n in range(200_000)]

    async def collect() -> None:
        gc.collect()

    asyncio.run(collect())
    worst = next(one for one in times.summary()["worst"] if one["name"].endswith("collect"))
    assert kept and 0 < worst["gc_ms"] <= worst["wall_ms"]


def test_names() -> None:
    def callback(_first: Any = None) -> None: ...

    assert looptime.name_of(callback).endswith("test_names.<locals>.callback")
    assert looptime.name_of(functools.partial(callback, 1)).endswith("callback")
