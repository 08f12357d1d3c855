"""What is written and printed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.latency import report, tables
from benchmarks.latency.figures import Run
from benchmarks.latency.summary import Summary, shown
from tests.benchmarks.answers import answer, from_cache, from_engine

RUN = Run(
    {"ai-lsp": [[from_engine(ms=12), from_cache(), answer(ms=700, text="")]], "plain": [[answer(ms=90)]]},
    limit_ms=lambda _answer: 6.0,
    token_ms=6.0,
    rss_mb=[300.0],
    loop={
        "wall_max_ms": 3.0,
        "worst": [{"wall_ms": 3.0, "cpu_ms": 1.0, "core_ms": 0.5, "gc_ms": 0.2, "name": "a<b"}],
    },
)
SUMMARY = Summary.of(RUN, {"model": "tiny & small"})


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (float("nan"), "-"), (3, "3"), (0.12345, "0.123"), (1234.5, "1234"), (99.96, "100")],
)
def test_figures_as_people_read_them(value: float | None, text: str) -> None:
    assert shown(value) == text


def test_the_console_shows_targets_stages_and_times() -> None:
    out = io.StringIO()
    tables.print_all(SUMMARY, Console(file=out, width=160))
    text = out.getvalue()
    for part in (
        "ai-lsp: ms to reply",
        "plain: ms to reply",
        "decode",
        "replies later than 550 ms",
        "not met",
        "a<b",
    ):
        assert part in text


def test_json_has_no_nan() -> None:
    text = json.dumps(SUMMARY.as_dict(), allow_nan=False)
    plain = json.loads(text)
    assert plain["results"]["plain"][0]["p50"] == 90
    late = next(one for one in plain["targets"] if one["figure"] == "late")
    assert (late["measured"], late["target"], late["met"]) == (1, "<= 0", False)
    assert plain["figures"]["evaluated_after_enter_p95"] is None


def test_three_files_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    report.write(tmp_path / "out", SUMMARY)
    assert (tmp_path / "out/latency.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "out/latency.json").read_text("utf-8"))["about"] == {"model": "tiny & small"}
    page = (tmp_path / "out/latency.html").read_text("utf-8")
    for part in ("data:image/png;base64,", "tiny &amp; small", "a&lt;b", "class=track", "not-measured"):
        assert part in page
    assert "http" not in page
