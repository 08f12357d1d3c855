"""Counts that may only improve."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.latency import baseline

GOOD = {"evaluated_mean": 20.0, "share_in_kv": 0.97, "evaluated_after_enter_p50": 2, "late": 0, "events": 300}


def test_a_run_as_good_as_the_baseline_has_no_problems() -> None:
    assert baseline.problems(GOOD, GOOD) == []


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("evaluated_mean", 60.0),
        ("share_in_kv", 0.8),
        ("evaluated_after_enter_p50", 900),
        ("late", 10),
        ("p95_over_plain", 0.6),
        ("depth_p50_ratio", 2.5),
        ("cancel_p99_ms", 101.0),
    ],
)
def test_what_is_worse_is_named(figure: str, value: float) -> None:
    found = baseline.problems({**GOOD, figure: value}, GOOD)
    assert len(found) == 1
    assert figure.removesuffix("_ms") in found[0]


def test_what_was_not_measured_or_committed_is_passed_over() -> None:
    nan = float("nan")
    assert baseline.problems({**GOOD, "share_in_kv": nan, "depth_p50_ratio": nan}, GOOD) == []
    assert baseline.problems(GOOD, {}) == []


def test_an_update_keeps_the_better_and_drops_old_names(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"share_in_kv": 0.99, "evaluated_mean": 30, "evaluated_within_line_p95": 88}))
    baseline.update({**GOOD, "share_cached_of_asked": float("nan")}, path)
    assert baseline.read(path) == {"evaluated_mean": 20.0, "share_in_kv": 0.99, "evaluated_after_enter_p50": 2.0}


def test_an_update_makes_the_first_baseline(tmp_path: Path) -> None:
    baseline.update(GOOD, tmp_path / "new.json")
    assert baseline.read(tmp_path / "new.json")["share_in_kv"] == 0.97
