"""The chain of filters: order, vetoes, failures, and that it is documented."""

import logging
from pathlib import Path

import pytest
from hypothesis import given, settings

from ai_lsp.filters.chain import FILTERS, description, run
from ai_lsp.filters.decision import Decision
from tests.filters.texts import PIECES, PLACES, place

DOCS = Path(__file__).parents[2] / "docs" / "filters.md"


def test_a_good_suggestion_passes_without_a_word():
    assert run("a + b", place("python", "def add(a, b):\n    return ", "\n")) == ("a + b", [])


def test_each_filter_goes_on_from_the_one_before():
    where = place("python", "foo(", ")\n")
    assert run(" a, b)<|endoftext|>", where) == (
        " a, b",
        [
            Decision("fim_tokens", " a, b)", "cut before '<|endoftext|>', which belongs to a prompt"),
            Decision("brackets", " a, b", "the closing ) has nothing to close"),
        ],
    )


def test_a_veto_ends_the_chain():
    text, decisions = run("<|im_end|>foo", place("python", "x = ", "\n"))
    assert text == ""
    assert [(decision.filter, decision.veto) for decision in decisions] == [("fim_tokens", True)]


def test_what_a_cut_lays_bare_is_looked_at_again():
    where = place("python", "def f():\n    ", "\n    return total\n")
    text, decisions = run("#\n    return total", where)
    assert text == ""
    assert [decision.filter for decision in decisions] == ["overlap", "blank"]


def test_a_filter_that_is_off_does_not_run():
    where = place("python", "foo(", ")\n")
    assert run("a, b)", where, off={"brackets"}) == ("a, b)", [])


def test_a_filter_that_fails_changes_nothing(monkeypatch, caplog):
    def failing(text, where):
        raise ValueError("broken")

    monkeypatch.setitem(FILTERS, "blank", failing)
    with caplog.at_level(logging.ERROR):
        assert run("x + 1", place("python", "y = ", "\n")) == ("x + 1", [])
    assert "The filter blank failed" in caplog.text


@given(text=PIECES, where=PLACES)
@settings(max_examples=300)
def test_a_second_run_changes_nothing(text, where):
    once, _ = run(text, where)
    assert run(once, where)[0] == once


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_described_and_documented(name):
    docs = DOCS.read_text("utf-8")
    assert description(name).endswith(".")
    assert f"## `{name}`\n\n{description(name)}" in docs


def test_the_documentation_keeps_the_order():
    headings = [line[4:-1] for line in DOCS.read_text("utf-8").splitlines() if line.startswith("## `")]
    assert [name for name in headings if name in FILTERS] == list(FILTERS)
