"""A suggestion explained, and reported."""

from __future__ import annotations

import json
from pathlib import Path

from ai_lsp.completion.trace import Trace
from ai_lsp.context.snippet import Snippet
from ai_lsp.filters.decision import Decision
from ai_lsp.history import Outcome
from ai_lsp.workbench.reports import keep, report_of
from ai_lsp.workbench.why import explained

SECRET = "AKIA" + "Z7Q4M2X9C5V8B3N6"


def trace(**more: object) -> Trace:
    one = Trace(3, "file:///a.py", 1, "python", False, text="return 1", reason="end of line", raw="return 1\n")
    for name, value in more.items():
        setattr(one, name, value)
    return one


def test_explained():
    one = trace(
        snippets=[Snippet("similar", "b.py", "x\n", 0.5, 4)],
        decisions=[Decision("names", "return 1", "cut before a name")],
        stages={"decode": 12.5},
        right_probability=0.25,
    )
    text = explained(one)
    assert "```python\nreturn 1\n```" in text
    assert "- similar: b.py, line 5 (score 0.50)" in text
    assert "- names: cut before a name" in text
    assert "| decode | 12.5 |" in text
    assert "a probability of 25%" in text


def test_what_a_provider_does_not_say_of_its_tokens():
    text = explained(trace(model="qwen3 at team"))
    assert "- It was written by qwen3 at team." in text
    assert "The gate did not judge it: qwen3 at team says nothing of the probabilities of its tokens." in text
    said = explained(trace(model="qwen3 at team", tokens=[("return 1", -0.5)], right_probability=0.5))
    assert "a probability of 50%" in said
    assert "did not judge" not in said


def test_silence_explained():
    text = explained(trace(text="", reason="nothing to say", raw=""))
    assert "Nothing was suggested: nothing to say." in text
    assert "Every filter let it through" in text


def test_a_report_is_a_line_without_secrets(tmp_path: Path):
    path = tmp_path / "state" / "reports.jsonl"
    outcome = Outcome(trace(text=f'key = "{SECRET}"', prompt=f'x = "{SECRET}"'), accepted=True)
    for comment in ("bad", "worse"):
        assert keep(report_of(outcome, "smollm2-135m", comment), path) == path
    first, second = map(json.loads, path.read_text().splitlines())
    assert (first["comment"], second["comment"], first["accepted"]) == ("bad", "worse", True)
    assert SECRET not in path.read_text() and "<secret>" in first["suggested"]
