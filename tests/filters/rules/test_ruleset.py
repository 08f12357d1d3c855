"""What rules find, where, and what becomes of rules that fail or are slow."""

import itertools
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.completion.place import Place
from ai_lsp.filters.insecure import shipped
from ai_lsp.filters.rules.code import Code, around
from ai_lsp.filters.rules.reading import read_tables
from ai_lsp.filters.rules.ruleset import RuleSet
from ai_lsp.filters.rules.sieve import Sieve
from tests.filters.texts import PIECES, PLACES, place

RULES = read_tables(
    [
        {"id": "words", "message": "no", "regex": r"\b(?:return|foo)\b"},
        {"id": "edges", "message": "no", "regex": r"^[^\w\n]*[()]|[;{]$"},
        {"id": "names", "message": "no", "denied": ["foo", "x.a"], "where": "anywhere"},
    ],
    "x",
).rules


def rules(*tables, clock=None):
    reading = read_tables([{"id": f"rule{at}", "message": "no", **table} for at, table in enumerate(tables)], "x")
    assert reading.problems == ()
    return RuleSet(reading.rules, clock) if clock else RuleSet(reading.rules)


def found(ruleset, text, where):
    code = around(text, where)
    start = code.chars(code.new)
    return [(finding.start - start, finding.end - start) for finding in ruleset.findings(code)]


SHELL = {"regex": r"\bshell\s*=\s*True\b"}


@pytest.mark.parametrize(
    ("prefix", "text", "suffix", "expected"),
    [
        ("", "run(shell=True)", "", [(4, 14)]),
        ("é = 'é'\nrun(é, ", "shell=True)", "", [(0, 10)]),
        ("run(shell=", "True)", "", [(-6, 4)]),
        ("run(shell=True", ")", "", []),
        ("run(", "a", ", shell=True)", []),
        ("run(shell=", "Tru", "e)", [(-6, 4)]),
        ("run(shell=True)\n", "run(a)", "", []),
        ("", "run(shell=True)\nrun(shell = True)", "", [(4, 14), (20, 32)]),
        ("# run(", "shell=True)", "", []),
        ("x = '", "shell=True'", "", []),
        ("x = '", "shell=True", "'", []),
        ("x = f'{run(", "shell=True)}'", "", [(0, 10)]),
        ("x = f'", "shell=True'", "", []),
        ('def f():\n    """', "shell=True", "", []),
        ("def f():\n    '''\n    Text.\n\n    ", "shell=True\n    '''", "", []),
        ("def f(\n", "shell=True", "", [(0, 10)]),
    ],
)
def test_a_match_is_code_and_has_something_new(prefix, text, suffix, expected):
    assert found(rules(SHELL), text, place("python", prefix, suffix)) == expected


@pytest.mark.parametrize("language", ["python", "unheard-of", "markdown", ""])
def test_rules_without_languages_hold_everywhere(language):
    assert found(rules(SHELL), "shell=True", place(language, "", "")) == [(0, 10)]


def test_where_tree_sitter_cannot_tell_strings_are_read_roughly():
    assert found(rules(SHELL), 'x = "shell=True"', place("unheard-of", "", "")) == []


def test_a_docstring_that_a_window_begins_in():
    where = place("python", "x" * 3000 + '\n    More text.\n    """\n    return 1\n\n', "")
    assert found(rules(SHELL), "run(shell=True)", where) == [(4, 14)]


def test_unless_looks_at_the_whole_statement():
    loads = rules({"regex": r"yaml\.load\(", "unless": "Safe"})
    assert found(loads, "yaml.load(a, [\n  1],\n  Loader=Safe)", place("python", "", "")) == []
    assert found(loads, "yaml.load(a)\nSafe", place("python", "", "")) == [(0, 10)]
    assert found(loads, "yaml.load(a, ", place("python", "", "Loader=Safe)")) == []


def test_denied_names():
    denied = rules({"denied": ["os.system", "gets"]})
    text = "os.system(a) + my.os.system(a) + a->gets(b) + gets + gets2 + $gets"
    assert found(denied, text, place("c", "", "")) == [(0, 9), (46, 50)]


QUERY = {"languages": ["python"], "query": '(call function: (identifier) @name (#eq? @name "eval")) @match'}


def test_a_query_says_what_its_match_is():
    assert found(rules(QUERY), "x = eval(a)", place("python", "", "")) == [(4, 11)]
    nameless = {"languages": ["python"], "query": "(call function: (identifier) @name)"}
    assert found(rules(nameless), "x = eval(a)", place("python", "", "")) == [(4, 8)]
    assert found(rules({**nameless, "regex": "^ev"}), "eval(a) + f(a)", place("python", "", "")) == [(0, 4)]
    assert found(rules(QUERY), "x = eval(a)", place("ruby", "", "")) == []


IMPORT = {"regex": r"get\(", "require_import": "acme.http"}


@pytest.mark.parametrize(
    ("head", "right"),
    [
        ("import acme.http\n", True),
        ("from acme.http import get\n", True),
        ("use acme.http;\n", True),
        ('const http = require("acme.http");\n', True),
        ('import (\n\t"acme.http"\n)\n', True),
        ("#include <acme.http>\n", True),
        ("import acme.https\n", False),
        ("# acme.http\n", False),
        ("", False),
    ],
)
def test_an_import_makes_it_right(head, right):
    assert found(rules(IMPORT), "get(a)", place("", head, "")) == ([] if right else [(0, 4)])


def test_imports_that_cannot_be_seen_may_be_there():
    where = Place(uri="u", path="p", language="python", version=1, prefix="x = 1\n", suffix="", line=900)
    assert found(rules(IMPORT), "get(a)", where) == []
    for head, expected in (("import acme.http\n", 0), ("import os\n", 1)):
        code = around("get(a)", where, lambda _place, head=head: [head] + ["x = 1\n"] * 900)
        assert len(rules(IMPORT).findings(code)) == expected


def test_a_rule_that_fails_is_passed_over_and_told_once(caplog):
    ruleset = rules(SHELL, {"regex": "run"})
    object.__setattr__(ruleset.rules[0], "_pattern", None)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert found(ruleset, "run(shell=True)", place("python", "", "")) == [(0, 3)]
    assert caplog.text.count("The rule rule0 of x failed") == 1


def test_a_rule_that_was_not_checked_is_passed_over_and_told_once(caplog):
    unchecked = read_tables([{"id": "broken", "message": "no", "regex": "(a"}], "x", check=False)
    ruleset = RuleSet(unchecked.rules)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert found(ruleset, "a", place("python", "", "")) == []
    assert caplog.text.count("The rule broken of x cannot be used: missing ): (a") == 1


def test_a_query_that_is_slow_three_times_is_passed_over(caplog):
    ruleset = rules(QUERY, clock=itertools.count().__next__)
    where = place("python", "", "")
    with caplog.at_level(logging.WARNING):
        assert [len(found(ruleset, "eval(a)", where)) for _ in range(5)] == [1, 1, 1, 0, 0]
    assert caplog.text.count("The query of the rule rule0 of x is slow") == 1


def test_an_expression_is_never_passed_over_for_a_slow_machine():
    ruleset = rules(SHELL, clock=itertools.count().__next__)
    assert [len(found(ruleset, "shell=True", place("python", "", ""))) for _ in range(5)] == [1] * 5


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(x+x+)+y", "(.*?,){30}P", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_expressions_that_hang_other_engines(pattern):
    assert found(rules({"regex": pattern}), "a" * 1000 + "!", place("", "", "")) == []


@given(text=st.text(), prefix=st.text(), suffix=st.text())
def test_no_text_is_too_odd(text, prefix, suffix):
    found(rules(SHELL, QUERY, {"regex": "[^a]"}), text, place("python", prefix, suffix))


@given(text=PIECES, where=PLACES)
def test_matches_are_of_the_text(text, where):
    for start, end in found(rules({"regex": r"\w+", "where": "anywhere"}), text, where):
        assert start < end
        assert start < len(text)
        assert end > 0


def test_a_whole_file():
    text = "import os\n# os.system\nos.system('a')\n"
    code = Code(text, "python", (0, len(text)), head=lambda: text)
    assert [(one.start, one.end) for one in rules({"denied": ["os.system"]}).findings(code)] == [(22, 31)]


def test_the_sieve_keeps_the_rules_that_are_there_and_those_that_cannot_be_asked():
    tables = [{"regex": "beta"}, {"regex": "(a"}, {"regex": "^alpha$"}, {"denied": ["gamma"]}, QUERY]
    reading = read_tables(
        [{"id": f"r{n}", "message": "no", **one} for n, one in enumerate(tables)], "x", check=False
    )
    sieve = Sieve(reading.rules)
    assert [rule.id for rule in sieve.which(b"x\nalpha\nx")] == ["r1", "r2", "r4"]
    assert [rule.id for rule in sieve.which(b"beta gamma alpha")] == ["r0", "r1", "r3", "r4"]
    assert [rule.id for rule in sieve.which(b"")] == ["r1", "r4"]
    assert Sieve(()).which(b"a") == []


@given(text=PIECES, where=PLACES)
@settings(max_examples=300)
def test_the_sieve_loses_nothing(text, where):
    code = around(text, where)
    rules = [rule for rule in (*shipped(), *RULES) if not rule.languages or code.language in rule.languages]
    kept = Sieve(rules).which(code.data[code.start :])
    assert [rule for rule in rules if rule not in kept and list(rule.spans(code))] == []


@pytest.mark.parametrize("rule", shipped(), ids=lambda rule: rule.id)
def test_the_sieve_asks_every_rule_that_we_bring(rule):
    assert Sieve([rule]).which(b"") == []
