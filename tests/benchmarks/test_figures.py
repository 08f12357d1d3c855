"""The figures of a run, and the targets."""

from __future__ import annotations

import math

import pytest

from benchmarks.latency import machine
from benchmarks.latency.figures import Run, figures
from benchmarks.latency.targets import TARGETS, outcomes
from tests.benchmarks.answers import answer, from_cache, from_engine


def test_replies() -> None:
    found = figures(
        Run(
            {
                "ai-lsp": [
                    [from_engine(ms=30), from_cache(ms=2), answer(ms=600, text="")],
                    [answer(ms=90, text="", overtaken=True), answer(ms=80, cancelled=True)],
                ]
            }
        )
    )
    names = ("events", "answered", "empty", "late", "cancelled", "overtaken", "share_cached", "p50_ms", "max_ms")
    assert [found[name] for name in names] == [5, 3, 1, 1, 1, 1, 1 / 3, 30, 600]


def test_tokens_by_kind_over_all_keystrokes_and_over_those_that_reached_the_engine() -> None:
    ours = [from_cache() for _ in range(99)] + [from_engine(prompt=100, evaluated=10)]
    found = figures(Run({"ai-lsp": [[*ours, from_engine("enter", evaluated=2, generation=2.0)]]}))
    assert (found["evaluated_within_line_p95"], found["evaluated_within_line_engine_p95"]) == (0, 10)
    assert (found["evaluated_after_enter_p95"], found["evaluated_after_enter_count"]) == (2, 1)
    assert math.isnan(found["evaluated_after_revisit_p95"])
    assert (found["share_in_kv"], found["within_line_many_share"]) == (188 / 200, 0.01)


def test_the_ratio_to_the_limit_is_of_warm_keystrokes_that_show_something() -> None:
    ours = [from_cache(ms=1), from_engine(ms=12), from_engine(ms=20, text=""), from_engine("jump", ms=99)]
    found = figures(Run({"ai-lsp": [ours]}, limit_ms=lambda _answer: 6.0, token_ms=6.0))
    assert found["warm_over_limit_p50"] == 2.0
    assert found["warm_engine_over_limit_p50"] == 2.0
    assert (found["warm_engine_over_limit_decode_p50"], found["decode_ms_per_token_p50"]) == (1.0, 1.2)


def test_a_peer_is_compared_over_the_segments_that_both_replayed() -> None:
    answers = {
        "ai-lsp": [[answer(ms=10), answer(ms=20)], [answer(ms=500)]],
        "plain": [[answer(ms=40), answer(ms=80, overtaken=True)]],
    }
    found = figures(Run(answers))
    assert (found["p50_over_plain"], found["p50_over_plain_answered"]) == (0.25, 0.5)
    assert (found["answered_plain"], found["answered_beside_plain"]) == (1, 2)


def test_a_key_that_types_through_counts_with_what_the_editor_needs() -> None:
    ours = [answer(ms=10, seen_ms=0.5), answer(ms=90, overtaken=True, seen_ms=0.5), answer(ms=30, overtaken=True)]
    found = figures(Run({"ai-lsp": [ours], "plain": [[answer(ms=5), answer(ms=5), answer(ms=100)]]}))
    assert (found["p50_over_plain"], found["p50_over_plain_by_server"]) == (0.1, 6.0)
    assert (found["answered_beside_plain"], found["share_typed_through"]) == (2, 2 / 3)
    assert found["p50_over_plain_shown"] == 0.1


def test_a_peer_that_never_answered_has_no_ratio_over_answered_keys() -> None:
    found = figures(Run({"ai-lsp": [[answer(ms=5)]], "plain": [[answer(ms=50, overtaken=True)]]}))
    assert found["p50_over_plain"] == 0.1
    assert math.isnan(found["p50_over_plain_answered"])


def test_loop_memory_and_scenarios() -> None:
    run = Run(
        {"ai-lsp": [[answer()]]},
        rss_mb=[300.0, 350.0, 320.0],
        loop={"wall_max_ms": 7.0, "worst": []},
        scenarios={"cancel_p99_ms": 12.0},
    )
    found = figures(run)
    assert (found["rss_median_mb"], found["rss_max_mb"]) == (320.0, 350.0)
    assert (found["loop_wall_max_ms"], found["cancel_p99_ms"]) == (7.0, 12.0)


@pytest.mark.parametrize(
    ("figure", "value", "verdict"),
    [
        ("late", 0, "met"),
        ("late", 1, "not met"),
        ("busy_share", 0.5, "met"),
        ("busy_share", 0.4, "not met"),
        ("busy_share", float("nan"), "not measured"),
        ("rss_max_mb", 400.0, "met"),
    ],
)
def test_targets(figure: str, value: float, verdict: str) -> None:
    found = {one.target.figure: one for one in outcomes({figure: value})}
    assert found[figure].verdict == verdict
    assert {one.verdict for name, one in found.items() if name != figure} == {"not measured"}


def test_every_target_names_figures_that_a_run_has() -> None:
    peers = {name: [[answer()]] for name in ("plain", "llama-server")}
    run = Run(
        {"ai-lsp": [[from_engine()]], **peers},
        rss_mb=[1.0],
        loop={"wall_max_ms": 1.0, "cpu_max_ms": 1.0},
        machine=machine.figures("beside", [2.0]),
    )
    elsewhere = ("depth_", "cancel_", "busy_")
    names = [name for one in TARGETS for name in (one.figure, *(one.beside or ())[:1])]
    assert not [name for name in names if name not in figures(run) and not name.startswith(elsewhere)]
