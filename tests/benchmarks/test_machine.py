"""What the bare machine does to a piece of work."""

from __future__ import annotations

import threading

from benchmarks.latency import machine
from benchmarks.latency.machine import Machine


def test_all_pieces_are_the_same_work() -> None:
    threads = threading.active_count()
    steps = machine.steps_of(0.001)
    short, long = (min(machine.measure(count, 1, 0.1)) for count in (steps, 20 * steps))
    assert threading.active_count() == threads
    assert long > 3 * short > 0


async def test_samples_of_a_process_of_its_own_become_figures() -> None:
    sampled = Machine()
    assert await sampled.stop() == {}
    await sampled.sample()
    await sampled.sample()
    found = await sampled.stop()
    for name in ("alone", "beside"):
        assert 2 <= found[f"machine_{name}_pieces"] <= 200
        assert 0 < found[f"machine_{name}_p50_ms"] <= found[f"machine_{name}_max_ms"]


def test_the_longest_piece_counts() -> None:
    found = machine.figures("beside", [2.0, 3.0, 9.0])
    assert (found["machine_beside_max_ms"], found["machine_beside_pieces"]) == (9.0, 3)
