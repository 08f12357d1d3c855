"""The chain of filters: order, vetoes, failures, and that it is documented."""

import logging
from pathlib import Path

import pytest
from hypothesis import given, settings

from ai_lsp.filters.chain import Chain, description
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.standard import Services, chain_from, filters_from
from ai_lsp.filters.tallies import Tallies, Tally
from ai_lsp.options import FilterOptions
from tests.filters.texts import PIECES, PLACES, place

DOCS = Path(__file__).parents[2] / "docs" / "filters.md"
FILTERS = filters_from(FilterOptions(), Services())


def run(text, where, **options):
    return chain_from(FilterOptions(**options)).run(text, where)


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
    assert run("a, b)", where, off=("brackets", "parses")) == ("a, b)", [])


def test_a_filter_that_fails_changes_nothing(caplog):
    chain = Chain({"failing": failing, "kept": kept})
    with caplog.at_level(logging.ERROR):
        assert chain.run("x + 1", WHERE) == ("x + 1", [])
    assert "The filter failing failed" in caplog.text
    assert (chain.tallies.of("failing").failed, chain.tallies.of("kept").failed) == (1, 0)


def failing(text, where):
    raise ValueError("broken")


def kept(text, where):
    return Decision("kept", text)


def no_semicolon(text, where):
    return Decision("no_semicolon", text.rstrip(";"), "a semicolon")


WHERE = place("python", "y = ", "\n")


def test_what_each_filter_did_is_counted_once_a_suggestion():
    now = iter(range(100))
    chain = Chain({"kept": kept, "no_semicolon": no_semicolon}, clock=lambda: next(now))
    for text in ("x", "x;", ";"):
        chain.run(text, WHERE)
    assert chain.tallies.of("kept") == Tally(ran=3, cut=0, vetoed=0, failed=0, median_ms=1000, most_ms=2000)
    assert chain.tallies.of("no_semicolon") == Tally(
        ran=3, cut=1, vetoed=1, failed=0, median_ms=1000, most_ms=2000
    )
    assert chain.tallies.of("unheard-of") == Tally(0, 0, 0, 0, 0.0, 0.0)


def test_once_a_text_is_cut_other_filters_take_over():
    chain = Chain({"no_semicolon": no_semicolon, "kept": kept}, when_cut={"kept": failing})
    chain.run("x", WHERE)
    assert chain.tallies.of("kept").failed == 0
    chain.run("x;", WHERE)
    assert chain.tallies.of("kept").failed == 1


def test_what_is_left_of_a_cut_must_parse_as_it_is():
    where = place("python", "def f(items):\n    ", "\n\nprint(f([]))\n")
    assert run("return [item", where) == ("return [item", [])
    text, decisions = run("return [item) for item in items]", where)
    assert (text, [decision.filter for decision in decisions]) == ("return", ["brackets", "parses"])


def test_counts_are_of_lately_and_outlive_a_chain():
    tallies = Tallies(lately=2)
    for text in (";", "x", "x"):
        Chain({"no_semicolon": no_semicolon}, tallies=tallies).run(text, WHERE)
    assert (tallies.of("no_semicolon").ran, tallies.of("no_semicolon").vetoed) == (2, 0)


def test_what_comes_after_a_veto_is_not_counted():
    chain = Chain({"no_semicolon": no_semicolon, "kept": kept})
    chain.run(";", WHERE)
    assert (chain.tallies.of("no_semicolon").ran, chain.tallies.of("kept").ran) == (1, 0)


@given(text=PIECES, where=PLACES)
@settings(max_examples=300)
def test_a_second_run_changes_nothing(text, where):
    once, _ = run(text, where)
    assert run(once, where)[0] == once


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_described_and_documented(name):
    docs = DOCS.read_text("utf-8")
    said = description(FILTERS[name])
    assert said.endswith(".")
    assert f"## `{name}`\n\n{said}" in docs


def test_the_documentation_keeps_the_order():
    headings = [line[4:-1] for line in DOCS.read_text("utf-8").splitlines() if line.startswith("## `")]
    assert [name for name in headings if name in FILTERS] == list(FILTERS)
