"""What is measured of suggestions, and what reports make of it."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.quality import baseline, bootstrap, contestants, metrics, report, summary, targets
from benchmarks.quality.bootstrap import Interval
from benchmarks.quality.outcomes import Figures, Outcome
from benchmarks.quality.summary import Summary


@pytest.mark.parametrize(
    ("text", "expected", "same"),
    [
        ("a = 1", "a = 1", True),
        ("a = 1 \nb \n", "a = 1\nb", True),
        (" a", "a", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_exact(text: str, expected: str, same: bool) -> None:
    assert metrics.exact(text, expected) == same


@pytest.mark.parametrize(
    ("text", "expected", "similarity", "right"),
    [
        ("abcd", "abcd", 1.0, 1.0),
        ("abxd", "abcd", 0.75, 0.5),
        ("", "abcd", 0.0, 0.0),
        ("abcd and more", "abcd", 4 / 13, 1.0),
        ("xabc", "abc", 0.75, 0.0),
    ],
)
def test_how_much_is_right(text: str, expected: str, similarity: float, right: float) -> None:
    assert metrics.edit_similarity(text, expected) == pytest.approx(similarity)
    assert metrics.right_share(text, expected) == pytest.approx(right)


@pytest.mark.parametrize(
    ("text", "expected", "same"),
    [("f( a,b )", "f(a, b)", True), ("f(b, a)", "f(a, b)", False), ("1 + 2", "(3)", None), ("", "a", False)],
)
def test_names(text: str, expected: str, same: bool | None) -> None:
    assert metrics.same_identifiers(text, expected) == same


def test_chrf() -> None:
    assert metrics.chrf("return a + b", "return a+b") == 1.0
    assert metrics.chrf("", "return") == 0.0
    assert metrics.chrf("xyz", "return") == 0.0
    # One of two 1-grams right, and no longer ones: precision and recall are a quarter each.
    assert metrics.chrf("ab", "ac") == pytest.approx(0.25)
    assert metrics.chrf("", "") == 1.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_everything_is_a_share(text: str, expected: str) -> None:
    for measure in (metrics.edit_similarity, metrics.right_share, metrics.chrf):
        assert 0.0 <= measure(text, expected) <= 1.0 + 1e-9


@given(st.text(max_size=60))
def test_a_text_is_like_itself(text: str) -> None:
    assert metrics.exact(text, text)
    assert metrics.edit_similarity(text, text) == metrics.right_share(text, text) == 1.0


def test_the_score_punishes_both_silence_and_noise() -> None:
    assert metrics.score([0.5, 1.0], 1.0, 1.0) == 0.75
    assert metrics.score([0.5, 1.0], 0.5, 1.0) == pytest.approx(0.5)
    assert metrics.score([0.5, 1.0], 1.0, 0.0) == 0.0
    assert metrics.score([], 0.0, 1.0) == 0.0


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [0.0, 1.0, 1.0, 0.0, 1.0] * 20
    found = bootstrap.interval(values)
    assert found == bootstrap.interval(values)
    assert found.mean == 0.6
    # The normal approximation: 0.6 ± 1.96 * sqrt(0.24 / 100).
    assert (found.low, found.high) == (pytest.approx(0.504, abs=0.015), pytest.approx(0.696, abs=0.015))


def test_pairs_are_compared_case_by_case() -> None:
    hard_and_easy = [0.0, 1.0] * 50
    better = [value + 0.1 for value in hard_and_easy]
    found = bootstrap.paired(better, hard_and_easy)
    assert (found.mean, found.low, found.high, found.sign) == (*[pytest.approx(0.1)] * 3, 1)
    assert bootstrap.paired(hard_and_easy, better).sign == -1
    assert bootstrap.paired([1.0, 0.0], [0.0, 1.0]).sign == 0
    with pytest.raises(ValueError, match="zip"):
        bootstrap.paired([1.0], [])


def test_nothing_has_no_interval() -> None:
    assert math.isnan(bootstrap.interval([]).mean)
    assert bootstrap.interval([]).sign == 0


def outcome(shown: str, expected: str = "one(two)", kind: str = "line_rest", language: str = "python") -> Outcome:
    return Outcome(f"{shown}{expected}{kind}", "p", language, kind, not expected, expected, shown)


RIGHT, WRONG, NOTHING = outcome("one(two)"), outcome("one(three)"), outcome("")
QUIET, NOISY = outcome("", "", "comment"), outcome("x", "", "comment")


def test_figures_count_what_is_not_shown_as_wrong() -> None:
    found = Figures.of([RIGHT, WRONG, NOTHING, NOTHING, QUIET, NOISY])
    assert (found.cases, found.exact.mean, found.shown_rate, found.quiet_rate) == (4, 0.25, 0.5, 0.5)
    assert found.identifiers == 0.25
    assert found.right_share == pytest.approx((1 + 5 / 8) / 4)
    assert found.over is None


def test_figures_without_silent_cases_have_no_quiet_rate() -> None:
    assert Figures.of([RIGHT]).as_dict()["quiet_rate"] is None
    assert Figures.of([QUIET]).as_dict()["exact"] == [None, None, None]


def test_contestants_by_name() -> None:
    assert contestants.named("all").off == ()
    assert set(contestants.named("none").off or ()) == set(contestants.SOURCES)
    only, without = contestants.named("only similar").off or (), contestants.named("without similar").off
    assert ("similar" in only, len(only), without) == (False, len(contestants.SOURCES) - 1, ("similar",))
    assert contestants.named("llama.vim").off is None
    for wrong in ("only", "only magic", "some similar"):
        with pytest.raises(ValueError, match=wrong):
            contestants.named(wrong)


def test_every_name_of_a_group_is_a_contestant() -> None:
    for names in contestants.groups().values():
        assert [contestants.named(name).name for name in names] == list(names)


RESULTS = {
    "none": [WRONG, WRONG, WRONG, WRONG, QUIET],
    "only similar": [RIGHT, WRONG, WRONG, WRONG, QUIET],
    "all": [RIGHT, RIGHT, RIGHT, WRONG, NOISY],
    "without similar": [WRONG, WRONG, WRONG, WRONG, QUIET],
    "without scope": [RIGHT, RIGHT, RIGHT, RIGHT, QUIET],
    "llama.vim": [RIGHT, WRONG, WRONG, WRONG, QUIET],
    "continue": [RIGHT, RIGHT, WRONG, WRONG, QUIET],
}
SUMMARY = Summary.of(RESULTS, {"model": "tiny"})


def test_each_is_compared_with_what_it_differs_from_by_sources() -> None:
    over = {name: one.over.mean for name, one in SUMMARY.figures.items() if one.over is not None}
    assert over == {
        "only similar": 0.25,
        "all": 0.75,
        "without similar": -0.75,
        "without scope": 0.25,
        "llama.vim": 0.25,
        "continue": 0.5,
    }


def test_targets() -> None:
    found = {one.what.split(",")[0]: (one.measured, one.met) for one in SUMMARY.verdicts}
    assert found == {
        "exact match of the rest of a line": ("75.0 % over 50.0 % of continue: 1.50", True),
        "all context over none": ("+75.0 [+25.0, +100.0]", True),
        "sources that do harm": ("none", True),
    }


def test_a_source_that_does_harm_is_named() -> None:
    harm = {"all": [WRONG] * 30, "without scope": [RIGHT] * 25 + [WRONG] * 5}
    found = Summary.of(harm, {})
    assert [(one.measured, one.met) for one in found.verdicts] == [("scope", False)]


def test_no_peer_is_no_target() -> None:
    assert targets.verdicts({}, {}) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Interval(0.1, 0.05, 0.15), "+10.0 [+5.0, +15.0] *"),
        (Interval(-0.1, -0.2, 0.0), "-10.0 [-20.0, +0.0]"),
        (None, ""),
    ],
)
def test_differences_for_people(value: Interval | None, text: str) -> None:
    assert summary.difference(value) == text


def test_the_report_has_everything(tmp_path: Path) -> None:
    out = io.StringIO()
    report.print_all(SUMMARY, Console(file=out, width=200))
    page = report.page(SUMMARY)
    for part in ("without scope", "llama.vim", "sources that do harm", "line_rest", "python", "+75.0"):
        assert part in out.getvalue()
        assert part in page
    assert "comment |" not in page  # nothing can be exact there
    plain = json.loads(report.write(tmp_path / "out", SUMMARY).read_text("utf-8"))
    assert plain["figures"]["all"]["exact"][0] == 0.75
    assert plain["about"] == {"model": "tiny"}
    assert len(plain["cases"]["all"]) == 5


FIGURES = {"all": Figures.of([RIGHT, RIGHT, WRONG, QUIET, NOISY], [RIGHT, WRONG, WRONG, QUIET, QUIET])}
GOOD = baseline.values(FIGURES)


def test_a_run_as_good_as_the_baseline_has_no_problems() -> None:
    assert baseline.problems(FIGURES, GOOD) == []
    assert baseline.problems(FIGURES, {}) == []


@pytest.mark.parametrize("name", list(GOOD))
def test_what_is_worse_is_named(name: str) -> None:
    found = baseline.problems(FIGURES, {**GOOD, name: GOOD[name] + 0.11})
    assert [line.split(":")[0] for line in found] == [name]


def test_context_that_does_harm_is_a_problem() -> None:
    worse = {"all": Figures.of([RIGHT, WRONG, WRONG], [RIGHT, RIGHT, WRONG])}
    assert [line.split(":")[0] for line in baseline.problems(worse, {})] == ["all context over none"]


def test_an_update_keeps_the_better_and_drops_old_names(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"exact": 0.9, "quiet_rate": 0.1, "old": 1.0}))
    baseline.update(FIGURES, path)
    found = baseline.read(path)
    assert (found["exact"], found["quiet_rate"], found["shown_rate"]) == (0.9, 0.5, 1.0)
    assert "old" not in found
