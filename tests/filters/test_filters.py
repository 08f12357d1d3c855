"""Every filter on its table of cases, and what holds for any text at all."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.filters.rejections import Rejections
from ai_lsp.filters.standard import Services, filters_from
from ai_lsp.option import Table
from ai_lsp.options import FilterOptions
from tests.filters.licensed import copied
from tests.filters.texts import PIECES, PLACES, KnownModules, lines_of, place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent / "cases"
RULES = tomllib.loads((FOLDER / "rules.toml").read_text("utf-8"))["rules"]
STRICT = FilterOptions(
    imports_allowed=("a*",),
    imports_forbidden=("ab",),
    rules=tuple(Table("rules.toml", rule) for rule in RULES),
)
FILTERS = filters_from(
    STRICT, Services(modules=KnownModules(("a",), names={"a": ("b",)}), lines_of=lines_of, copied=copied)
)
"""With all that they can be told, so that nothing is left to the defaults."""
SIX_LANGUAGES = {"python", "typescript", "go", "rust", "java", "cpp"}
LANGUAGES = ["python", "typescriptreact", "go", "rust", "java", "cpp", "markdown", "unheard-of"]
ANYTHING = st.text(st.characters(exclude_categories=()))
"""All that JSON can carry, lone surrogates too."""
CUTS_ONLY = [
    *("fim_tokens", "blank", "repetition", "brackets"),
    *("secrets", "insecure", "rules", "parses", "imports", "names", "licence"),
]


def cases(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}: {case['name']}") for name in FILTERS for case in cases(name)],
)
def test_case(name, case):
    options = replace(STRICT, imports_allowed=(), imports_forbidden=())
    options = replace(options, **{option: tuple(value) for option, value in case.get("options", {}).items()})
    above = case.get("above", "")  # of the document, and not of the place
    where = replace(place(case["language"], case["prefix"], case["suffix"]), path=case.get("path", "a"))
    where = replace(where, line=where.line + above.count("\n"))
    services = Services(
        modules=KnownModules(tuple(case.get("installed", ())), names=case.get("names", {})),
        lines_of=lambda where: [*above.splitlines(keepends=True), *lines_of(where)],
        copied=copied,
        rejections=rejected(where, case.get("rejected", {})),
    )
    decision = filters_from(options, services)[name](case["text"], where)
    assert decision.filter == name
    assert decision.text == case["expect"]
    assert decision.veto == (case["expect"] == "")
    if case["reason"]:
        assert case["reason"] in decision.reason
    else:
        assert decision.reason == ""


def rejected(where, story):
    """What is remembered when a text was shown before the last characters of the prefix, and others typed then."""
    seconds = iter(range(0, 100, 5))
    rejections = Rejections(lambda: next(seconds))
    if story:
        at = replace(where, prefix=where.prefix.removesuffix(story.get("at", "")))
        at = replace(at, line=at.prefix.count("\n"))
        rejections.showed(at, story["text"])
        for typed in story["typed"]:
            prefix = at.prefix + typed
            rejections.moved(replace(at, prefix=prefix, line=prefix.count("\n")))
    return rejections


@pytest.mark.parametrize("name", FILTERS)
def test_there_are_enough_cases_over_six_languages(name):
    assert len(cases(name)) >= 12
    assert {case["language"] for case in cases(name)} >= SIX_LANGUAGES


@pytest.mark.parametrize("name", FILTERS)
@given(text=PIECES, where=PLACES)
def test_a_reason_is_given_exactly_for_a_change(name, text, where):
    decision = FILTERS[name](text, where)
    assert bool(decision.reason) == (decision.text != text or (name == "blank" and not text))


@pytest.mark.parametrize("name", CUTS_ONLY)
@given(text=PIECES, where=PLACES)
def test_what_only_cuts_leaves_a_prefix(name, text, where):
    assert text.startswith(FILTERS[name](text, where).text)


@pytest.mark.parametrize("name", FILTERS)
@given(text=PIECES, where=PLACES)
def test_a_filter_leaves_its_own_answer_alone(name, text, where):
    once = FILTERS[name](text, where).text
    assert FILTERS[name](once, where).text == once


@pytest.mark.parametrize("name", ["parses"])
@given(text=PIECES, where=PLACES)
def test_no_cut_is_within_a_token_or_before_what_must_follow(name, text, where):
    kept = FILTERS[name](text, where).text
    if kept and kept != text:
        assert kept[-1] != text[len(kept)] and kept[-1] not in ",=&|.<@"


@pytest.mark.parametrize("name", ["fence", "overlap"])
@given(text=PIECES, where=PLACES)
def test_what_cuts_at_both_ends_leaves_a_part(name, text, where):
    assert FILTERS[name](text, where).text in text


@pytest.mark.parametrize("name", FILTERS)
@given(
    language=st.sampled_from(LANGUAGES), text=ANYTHING, prefix=ANYTHING, suffix=ANYTHING, above=st.integers(0, 2)
)
def test_no_text_makes_a_filter_raise(name, language, text, prefix, suffix, above):
    where = place(language, prefix, suffix)
    FILTERS[name](text, replace(where, line=where.line + above))
