"""Percentiles and what is counted of answers."""

from __future__ import annotations

import math

import pytest

from benchmarks.latency import stats
from tests.benchmarks.answers import answer, from_cache, from_engine


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 3), (0.95, 5), (1.0, 5)])
def test_percentile(share: float, value: float) -> None:
    assert stats.percentile([5, 3, 1, 2, 4], share) == value


def test_the_percentile_of_nothing() -> None:
    assert math.isnan(stats.percentile([], 0.5))


def test_keys_that_were_cancelled_or_overtaken_have_no_time() -> None:
    found = [answer(ms=5), answer(ms=7, text=""), answer(ms=900, cancelled=True), answer(ms=800, overtaken=True)]
    row = stats.Row.of("all", found)
    assert (row.asked, row.answered, row.shown, row.p50, row.worst) == (4, 2, 1, 7, 7)


def test_rows_are_all_and_each_kind_that_came() -> None:
    assert [row.name for row in stats.rows([answer(), answer("enter")])] == ["all", "char", "enter"]


def test_only_answers_with_a_prompt_reached_the_engine() -> None:
    engine = from_engine()
    assert stats.engine_only([engine, from_cache(), answer(), from_engine(overtaken=True)]) == [engine]


def test_tokens_are_charged_to_the_first_keystroke_that_reports_them() -> None:
    found = stats.charges(
        [
            from_engine(evaluated=60, decoded=0, generation=1.0),
            from_engine(evaluated=90, decoded=8, generation=1.0),
            from_cache(),
            from_engine(evaluated=5, decoded=3, generation=2.0),
        ]
    )
    assert [one.evaluated for one in found] == [60, 30, 0, 5]
    assert [one.decoded for one in found] == [0, 8, 0, 3]
    assert [one.prompt for one in found] == [100, 0, 0, 100]


def test_tokens_that_the_deadline_left_over_are_charged() -> None:
    answer = from_engine(evaluated=90)
    answer.trace["counts"]["evaluated"] = 40
    assert [one.evaluated for one in stats.charges([answer])] == [90]


def test_own_time_is_our_stages_and_the_gaps_between_stages() -> None:
    assert stats.own_ms(from_engine(ms=10.0).trace) == 3.0


def test_own_time_of_a_request_that_a_running_generation_served() -> None:
    assert stats.own_ms(from_engine(ms=4.0).trace) == 1.0


def test_own_time_of_a_late_request_has_no_gaps() -> None:
    trace = from_engine(ms=400.0).trace
    assert stats.own_ms({**trace, "late": True}) == 1.0


def test_stages_that_were_left_out_took_no_time() -> None:
    first, second = from_engine(ms=10.0), from_engine(ms=20.0)
    del second.trace["stages"]["debounce"]
    values = stats.stage_values([first, second, from_cache()])
    assert values["debounce"] == [1.0, 0.0]
    assert values["total"] == [10.0, 20.0]
