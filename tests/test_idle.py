"""When nobody has done anything for a while, by a clock that only moves when told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ai_lsp.idle import Idle


class FakeTimer:
    def __init__(self, at: float, then: Callable[[], None]) -> None:
        self.at, self.then, self.cancelled = at, then, False

    def cancel(self) -> None:
        self.cancelled = True


class FakeLoop:
    """A clock and the timers that were set by it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[FakeTimer] = []

    def clock(self) -> float:
        return self.now

    def call_later(self, seconds: float, then: Callable[[], None]) -> FakeTimer:
        self.timers.append(FakeTimer(self.now + seconds, then))
        return self.timers[-1]

    def pass_to(self, now: float) -> None:
        """Move the clock, ending each timer on the way at its time."""
        for timer in self.timers:
            if timer.at <= now and not timer.cancelled:
                timer.cancelled = True
                self.now = timer.at
                timer.then()
        self.now = now


@pytest.fixture
def loop() -> FakeLoop:
    return FakeLoop()


@pytest.fixture
def ended() -> list[float]:
    """When quiet periods ended."""
    return []


@pytest.fixture
def idle(loop: FakeLoop, ended: list[float]) -> Idle:
    one = Idle(lambda: ended.append(loop.now), loop.clock, loop.call_later)
    one.limit(60)
    return one


def test_it_ends_a_minute_after_the_latest_sign_of_life(idle: Idle, loop: FakeLoop, ended: list[float]) -> None:
    for now in (1000, 1030, 1059, 1100):
        loop.pass_to(now)
        idle.note()
    loop.pass_to(2000)
    assert ended == [1160]


def test_a_thousand_keys_set_one_timer(idle: Idle, loop: FakeLoop) -> None:
    for _ in range(1000):
        idle.note()
    assert len(loop.timers) == 1


def test_nothing_is_counted_before_the_first_sign_of_life(idle: Idle, loop: FakeLoop, ended: list[float]) -> None:
    loop.pass_to(9000)
    assert (loop.timers, ended) == ([], [])


def test_each_quiet_period_ends_once(idle: Idle, loop: FakeLoop, ended: list[float]) -> None:
    idle.note()
    loop.pass_to(5000)
    idle.note()
    loop.pass_to(9000)
    assert ended == [1060, 5060]


@pytest.mark.parametrize(("seconds", "expected"), [(120, [1120]), (20, [1020]), (5, [1010]), (0, [])])
def test_another_limit_counts_at_once(
    idle: Idle, loop: FakeLoop, ended: list[float], seconds: float, expected: list[float]
) -> None:
    idle.note()
    loop.pass_to(1010)
    idle.limit(seconds)
    loop.pass_to(9000)
    assert ended == expected


def test_the_same_limit_again_changes_nothing(idle: Idle, loop: FakeLoop) -> None:
    idle.note()
    idle.limit(60)
    assert len(loop.timers) == 1


def test_switched_on_again(idle: Idle, loop: FakeLoop, ended: list[float]) -> None:
    idle.limit(0)
    idle.note()
    loop.pass_to(1050)
    idle.limit(60)
    loop.pass_to(9000)
    assert ended == [1060]


def test_another_limit_ends_no_period_twice(idle: Idle, loop: FakeLoop, ended: list[float]) -> None:
    idle.note()
    loop.pass_to(5000)
    idle.limit(20)
    loop.pass_to(9000)
    assert ended == [1060]
