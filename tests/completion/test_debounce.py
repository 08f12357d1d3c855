"""How long a suggestion is held back, from a clock that the test turns itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.completion.debounce import Debounce


def typed(*gaps, **limits):
    debounce = Debounce(**{"max_ms": 150, **limits})
    now = 100.0
    debounce.observe(now)
    for gap in gaps:
        now += gap
        debounce.observe(now)
    return debounce


def test_without_samples_it_starts_from_a_tenth_of_a_second():
    assert Debounce(max_ms=150).wait("foo", 450) == 100


def test_four_gaps_are_not_enough():
    assert typed(0.06, 0.06, 0.06, 0.06).wait("foo", 450) == 100


def test_within_a_word_it_waits_for_the_usual_gap():
    assert typed(0.08, 0.12, 0.1, 0.9, 0.09).wait("foo", 450) == pytest.approx(100)
    assert typed(0.13, 0.13, 0.13, 0.13, 0.13).wait("foo_", 450) == pytest.approx(130)


@pytest.mark.parametrize("line_before", ["", "    ", "foo.", "foo(", "x = ", "é("])
def test_after_a_word_it_waits_half_as_long(line_before):
    assert typed(0.12, 0.12, 0.12, 0.12, 0.12).wait(line_before, 450) == pytest.approx(60)


def test_a_word_may_have_any_letters():
    assert typed(0.12, 0.12, 0.12, 0.12, 0.12).wait("naïvé", 450) == pytest.approx(120)


def test_pauses_are_no_rhythm():
    assert typed(0.06, 5.0, 0.06, 60.0, 0.06, 1.5, 0.06, 2.0, 0.06).wait("foo", 450) == pytest.approx(60)


def test_a_change_and_its_request_are_one_keystroke():
    assert typed(0.001, 0.079, 0.001, 0.079, 0.001, 0.079, 0.001, 0.079, 0.001, 0.079).wait(
        "foo", 450
    ) == pytest.approx(80)


def test_old_gaps_are_forgotten():
    assert typed(*[0.14] * 30, *[0.05] * 20).wait("foo", 450) == pytest.approx(50)


def test_it_stays_within_its_limits():
    assert typed(*[0.01] * 20).wait("foo.", 450) == 20
    assert typed(*[0.9] * 20).wait("foo", 450) == 150
    assert typed(*[0.9] * 20, min_ms=50, max_ms=300).wait("foo", 1000) == 300


def test_new_limits_keep_what_was_learnt():
    debounce = typed(*[0.12] * 20)
    debounce.limit(0, 80)
    assert debounce.wait("foo", 450) == 80
    debounce.limit(0, 0)
    assert debounce.wait("foo", 450) == 0
    debounce.limit(0, 150)
    assert debounce.wait("foo", 450) == pytest.approx(120)


def test_never_more_than_a_third_of_the_budget():
    assert Debounce().wait("foo", 150) == 50
    assert Debounce().wait("foo", 30) == 10
    assert Debounce().wait("foo", -5) == 0


@given(st.lists(st.floats(-2, 100)), st.text(max_size=5), st.floats(-100, 1000))
def test_any_times_give_a_usable_wait(times, line_before, budget):
    debounce = Debounce()
    for now in times:
        debounce.observe(now)
    assert 0 <= debounce.wait(line_before, budget) <= max(0, budget) / 3


def test_the_keys_have_paused_after_twice_the_usual_gap():
    assert typed(0.06, 0.06, 0.06, 0.06, 0.06).pause(1000) == pytest.approx(120)
    assert typed(0.5, 0.5, 0.5, 0.5, 0.5, max_ms=75).pause(1000) == pytest.approx(225)
    assert typed(0.5, 0.5, 0.5, 0.5, 0.5, max_ms=75).pause(400) == pytest.approx(200)
    assert Debounce(0, 0).pause(400) == 0


@pytest.mark.parametrize(
    ("gaps", "wait"),
    [
        ([], 0), ([0.06], 90), ([0.04, 0.04, 0.04], 60), ([0.3, 0.06, 0.05], 90), ([0.3, 0.3, 0.06], 0),
        ([0.06, 0.06, 0.12], 90), ([0.06, 0.06, 0.2], 0), ([0.06, 0.06, 5.0], 0), ([0.1] * 9, 0), ([0.02] * 9, 30),
    ],
)  # fmt: skip
def test_in_a_rush_of_keys_the_model_waits_for_the_next_one(gaps, wait):
    assert typed(*gaps, max_ms=75).rush() == pytest.approx(wait)


def test_who_wants_no_debounce_has_no_wait_in_a_rush():
    assert typed(0.05, 0.05, 0.05, min_ms=0, max_ms=0).rush() == 0
