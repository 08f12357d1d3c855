"""The file with every key of a run."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.latency.keys import Keys
from benchmarks.latency.traces import Event
from tests.benchmarks.answers import answer, from_engine


def test_each_key_is_a_line_with_its_event_and_its_trace(tmp_path: Path) -> None:
    path = tmp_path / "out/keys.jsonl"
    keys = Keys(path)
    keys.add("ai-lsp", 60, [Event(0.1, 2, "char", 7, 0, "a"), Event(0.2, 2, "enter", 8, 0, "\n")],
             [from_engine(evaluated=3), answer("enter", cancelled=True)])  # fmt: skip
    keys.add("plain", 60, [Event(0.1, 2, "char", 7, 0, "a")], [answer(ms=90)])
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(line["contestant"], line["number"], line["ms"]) for line in lines] == [
        ("ai-lsp", 60, 10.0),
        ("ai-lsp", 61, 10.0),
        ("plain", 60, 90),
    ]
    assert lines[0]["event"] == {"gap": 0.1, "file": 2, "kind": "char", "offset": 7, "removed": 0, "text": "a"}
    assert lines[0]["trace"]["counts"]["evaluated"] == 3
    assert lines[1]["cancelled"]


def test_a_new_run_begins_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.jsonl"
    path.write_text("of the run before\n", "utf-8")
    Keys(path)
    assert path.read_text("utf-8") == ""
