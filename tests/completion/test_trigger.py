"""When the model is asked, at once or when the keys pause, and the reason for that."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from ai_lsp.completion.place import Place
from ai_lsp.completion.signals import Signals, signals_at
from ai_lsp.completion.standing import standing_at
from ai_lsp.completion.trigger import REASONS, STEPS, Action, TriggerRules, matches_glob, trigger
from ai_lsp.options import OPTIONS
from ai_lsp.positions import split_lines
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.parsing import parse

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES: list[dict[str, str]] = tomllib.loads((Path(__file__).parent / "cases/trigger.toml").read_text("utf-8"))[
    "case"
]
BEFORE = "import os\n\n"
GOES_ON = Signals(language="python", last="=", document_chars=100, within="code")


def place(prefix: str, suffix: str = "\n", language: str = "python", path: str = "src/a.py") -> Place:
    return Place("file:///a", path, language, 1, prefix, suffix, prefix.count("\n"))


def decided(signals: Signals, **rules: Any) -> tuple[Action, str]:
    found = trigger(place(BEFORE + "x = "), signals, manual=False, rules=TriggerRules(**rules))
    assert found.action is REASONS[found.name][0]
    return found.action, found.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}: {case['name']}")
def test_case(case: dict[str, str]) -> None:
    prefix, suffix = case["text"].split("▮")
    here, lines = place(prefix, suffix, case["language"]), split_lines(prefix + suffix)
    tree = parse(lines, grammar_of(case["language"]))
    assert tree is not None
    rules = TriggerRules(aggressiveness=case.get("aggressiveness", "normal"))
    found = trigger(here, signals_at(here, standing_at(here, tree.root_node, lines)), manual=False, rules=rules)
    assert found.name == case["reason"]
    by_hand = trigger(here, signals_at(here, standing_at(here, tree.root_node, lines)), manual=True, rules=rules)
    assert by_hand.name == "by_hand"


def test_there_are_cases_in_six_languages() -> None:
    assert {case["language"] for case in CASES} == {"python", "typescript", "go", "rust", "java", "cpp"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("foo();▮\n", "finished"),
        ("  }▮\n", "finished"),
        ("})▮\n", "finished"),
        ("],▮\n", "finished"),
        ("foo(a)▮\n", "goes_on"),
        ("for (int i = 0;▮)\n", "goes_on"),
        ("# some words▮\n", "in_comment"),
        ('def f():\n    """some words▮\n', "in_comment"),
        ('x = "some words▮\n', "goes_on"),
        ("fo▮o(a)\n", "in_word"),
        ("x = ▮_y\n", "in_word"),
        ("x = ▮é\n", "in_word"),
        ("x = ▮ + 1\n", "text_after"),
        ("foo(▮) # note\n", "text_after"),
        ("if (▮) {\n", "goes_on"),
    ],
)
def test_without_a_tree(text: str, reason: str) -> None:
    prefix, suffix = (BEFORE + text).split("▮")
    here = place(prefix, suffix)
    assert trigger(here, signals_at(here), manual=False, rules=TriggerRules()).name == reason


def test_a_semicolon_that_starts_a_comment_ends_nothing() -> None:
    here = place("(define some 1)\n(f ;", language="scheme")
    assert trigger(here, signals_at(here), manual=False, rules=TriggerRules()).name == "in_comment"


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        # By step: manual, calm, normal, eager.
        ({}, ("manual_only", "calm", "goes_on", "goes_on")),
        ({"popup": True}, ("manual_only", "popup", "goes_on", "goes_on")),
        ({"stroke": "typed"}, ("manual_only", "calm", "goes_on", "goes_on")),
        ({"stroke": "deleted"}, ("manual_only", "deleted", "deleted", "goes_on")),
        ({"stroke": "undone"}, ("manual_only", "undone", "undone", "goes_on")),
        ({"stroke": "pasted"}, ("manual_only", "pasted", "pasted", "pasted")),
        ({"stroke": "macro"}, ("manual_only", "macro", "macro", "macro")),
        ({"cursors": 2}, ("manual_only", *3 * ("several_cursors",))),
        ({"read_only": True}, ("manual_only", *3 * ("read_only",))),
        ({"generated": True}, ("manual_only", *3 * ("generated",))),
        ({"rejected": 2}, ("manual_only", "calm", "goes_on", "goes_on")),
        ({"rejected": 3}, ("manual_only", "calm", "rejections", "goes_on")),
        ({"rejected": 30, "whole": True}, ("manual_only", *3 * ("finished",))),
        ({"rejected": 3, "rest": "text"}, ("manual_only", *3 * ("text_after",))),
        ({"whole": True, "word": "known"}, ("manual_only", "finished", "finished", "word")),
        ({"whole": True, "word": "begun"}, ("manual_only", "calm", "word", "word")),
    ],
)
def test_each_step(facts: dict[str, Any], steps: tuple[str, ...]) -> None:
    assert tuple(decided(replace(GOES_ON, **facts), aggressiveness=step)[1] for step in STEPS) == steps


@pytest.mark.parametrize(
    ("facts", "rules", "name"),
    [
        ({"within": "comment"}, {"in_comments": True}, "goes_on"),
        ({"within": "docstring"}, {"in_comments": True}, "goes_on"),
        ({"within": "comment", "opened": True}, {}, "documents"),
        ({"within": "string"}, {}, "goes_on"),
        ({"within": "string"}, {"in_strings": False}, "in_string"),
        ({"document_bytes": 1000}, {"max_file_bytes": 1000}, "goes_on"),
        ({"document_bytes": 1001}, {"max_file_bytes": 1000}, "large_document"),
        ({"line_chars": 100}, {"max_line_chars": 100}, "goes_on"),
        ({"line_chars": 101}, {"max_line_chars": 100}, "long_line"),
        ({}, {"languages_off": ("markdown", "python")}, "language_off"),
        ({}, {"globs_off": ("*.env", "src/")}, "glob_off"),
        ({"document_chars": 9}, {}, "empty_document"),
    ],
)
def test_what_options_switch_off(facts: dict[str, Any], rules: dict[str, Any], name: str) -> None:
    assert decided(replace(GOES_ON, **facts), **rules)[1] == name


def test_a_reason_says_what_it_is_about() -> None:
    rules = TriggerRules(globs_off=("*.env",))
    here = place(BEFORE + "KEY=", path="deploy/production.env")
    assert trigger(here, GOES_ON, manual=False, rules=rules).reason == "suggestions are off for *.env"


@pytest.mark.parametrize("step", STEPS)
def test_by_hand_it_always_asks(step: str) -> None:
    here = place("", "word", language="markdown", path="secrets/a.env")
    worst = replace(
        GOES_ON, read_only=True, generated=True, cursors=9, rejected=9, whole=True, document_bytes=10**9
    )
    rules = TriggerRules(step, languages_off=("markdown",), globs_off=("secrets/",))
    assert trigger(here, worst, manual=True, rules=rules).action is Action.ASK


def test_the_option_has_these_steps() -> None:
    assert OPTIONS["completion.aggressiveness"].choices == STEPS


def test_signals_are_plain_data() -> None:
    found = asdict(signals_at(place(BEFORE + "secret_name = os.env")))
    assert all(value is None or isinstance(value, (str, int, float, bool)) for value in found.values())
    assert Signals(**found) == signals_at(place(BEFORE + "secret_name = os.env"))
    assert "secret_name" not in str(found)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x = ▮", ""),
        ("x = 12▮", "literal"),
        ("x = path▮", "new"),
        ("path = 1\nx = path▮", "known"),
        ("path_name = 1\nx = pa▮", "begun"),
        ("x = path▮\npath = 1\npaths = 2\n", "begun"),
        ("task = 1\ntask_id = task\nx = task▮", "known"),  # twice is often enough beside a longer one
    ],
)
def test_the_word_before_the_cursor(text: str, word: str) -> None:
    prefix, suffix = text.split("▮")
    assert signals_at(place(prefix, suffix)).word == word


@pytest.mark.parametrize(
    ("path", "glob", "matches"),
    [
        (".env", "*.env", True),
        ("a/b/.env", ".env", True),
        ("a/b/c.env", "*.env", True),
        ("a/b.environment", "*.env", False),
        ("secrets/a/b.txt", "secrets/**", True),
        ("a/secrets/b.txt", "secrets/", True),
        ("a/secrets/b.txt", "/secrets/", False),
        ("secrets/b.txt", "/secrets/", True),
        ("a/my-secrets/b.txt", "secrets/", False),
        ("vendor/a.js", "**/vendor/**", True),
        ("C:\\work\\vendor\\a.js", "vendor/**", True),
        ("/home/ada/keys/id.pem", "*.pem", True),
        ("a/B.PY", "*.py", False),
    ],
)
def test_globs(path: str, glob: str, matches: bool) -> None:
    assert matches_glob(path, glob) is matches
