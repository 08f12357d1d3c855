from __future__ import annotations

import pytest

from ai_lsp.engine.load import OthersLoad
from ai_lsp.engine.threads import ThreadGovernor


class Machine:
    """A clock and a load that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.others: float | None = 0.0

    def governor(self, most: int = 2, cores: int = 2) -> ThreadGovernor:
        return ThreadGovernor(most, cores, lambda: self.others, lambda: self.now)


@pytest.mark.parametrize(
    ("most", "cores", "others", "threads"),
    [(2, 2, 0.0, 2), (2, 2, 0.9, 1), (2, 2, 2.0, 1), (8, 8, 3.0, 5), (8, 16, 3.0, 8), (4, 4, 40.0, 1)],
)
def test_others_take_threads_away(most: int, cores: int, others: float, threads: int) -> None:
    machine = Machine()
    machine.others = others
    assert machine.governor(most, cores).look() == threads


@pytest.mark.parametrize(
    ("most", "cores", "others", "threads"),
    [(2, 2, 0.0, 1), (8, 8, 0.0, 7), (4, 8, 0.0, 4), (8, 8, 3.0, 5), (2, 2, 2.0, 1), (1, 1, 0.0, 1)],
)
def test_what_nobody_waits_for_leaves_a_core(most: int, cores: int, others: float, threads: int) -> None:
    machine = Machine()
    machine.others = others
    governor = machine.governor(most, cores)
    governor.spare = True
    assert (governor.look(), governor.threads) == (threads, threads)
    wanted = governor.threads + governor.leaves_core
    governor.spare = False
    assert (governor.threads, governor.leaves_core) == (wanted, False)


def test_slow_tokens_of_what_nobody_waits_for_are_compared_with_their_like() -> None:
    governor = Machine().governor()
    governor.decoded(6.0)
    governor.spare = True
    assert governor.decoded(16.0) == 1
    governor.spare = False
    assert governor.threads == 2


def test_quiet_gives_them_back() -> None:
    machine = Machine()
    governor = machine.governor()
    machine.others = 2.0
    governor.look()
    machine.others = 0.4
    assert governor.look() == 1
    machine.others = 0.1
    assert governor.look() == 2


def test_a_slow_token_takes_one_away_for_a_while() -> None:
    machine = Machine()
    governor = machine.governor()
    assert [governor.decoded(ms) for ms in (6.0, 6.5, 6.0)] == [2, 2, 2]
    assert governor.decoded(40.0) == 1
    assert governor.look() == 1
    machine.now = 1.5
    assert governor.look() == 2


def test_one_thread_is_never_too_many() -> None:
    governor = Machine().governor(most=1)
    assert [governor.decoded(ms) for ms in (6.0, 600.0)] == [1, 1]


def test_a_load_that_cannot_be_told_changes_nothing() -> None:
    machine = Machine()
    machine.others = None
    assert machine.governor().look() == 2


class TestOthersLoad:
    def test_is_what_is_not_our_own(self) -> None:
        times = iter([0.0, 2.0])
        own = iter([1.0, 2.0])
        busy = iter([100.0, 104.0])
        load = OthersLoad(lambda: next(busy), lambda: next(own), lambda: next(times))
        assert load.cores() == pytest.approx(1.5)

    def test_too_early(self) -> None:
        times = iter([0.0, 0.01])
        assert OthersLoad(lambda: 1.0, lambda: 1.0, lambda: next(times)).cores() is None

    def test_not_known(self) -> None:
        times = iter([0.0, 1.0])
        assert OthersLoad(lambda: None, lambda: 1.0, lambda: next(times)).cores() is None
