"""When the model is asked, and the reason when it is not."""

import pytest

from ai_lsp.completion.place import Place
from ai_lsp.completion.trigger import Trigger, TriggerRules, matches_glob, trigger

RULES = TriggerRules(languages_off=("markdown",), globs_off=("*.env", "secrets/**"), max_line_chars=100)
BEFORE = "import os\n\n"


def place(prefix, suffix="\n", language="python", path="src/a.py"):
    return Place(uri="file:///a", path=path, language=language, version=1, prefix=prefix, suffix=suffix)


@pytest.mark.parametrize(
    ("prefix", "suffix"),
    [
        (BEFORE + "x = ", "\n"),
        (BEFORE + "x = ", ""),
        (BEFORE + "    ", "\n"),
        (BEFORE + "foo(", ")\n"),
        (BEFORE + "foo(", ");\n"),
        (BEFORE + "if (", ") {\n"),
        (BEFORE + "x = ['", "']  \n"),
        (BEFORE + "for (int i = 0;", ")\n"),
        (BEFORE + "foo(a)", "\n"),
        (BEFORE + "return x", "\n"),
    ],
)
def test_asks(prefix, suffix):
    assert trigger(place(prefix, suffix), manual=False, rules=RULES) == Trigger(True, "")


@pytest.mark.parametrize(
    ("prefix", "suffix", "reason"),
    [
        (BEFORE + "fo", "o(a)\n", "the cursor is within a word"),
        (BEFORE + "x = ", "_y\n", "the cursor is within a word"),
        (BEFORE + "x = ", "é\n", "the cursor is within a word"),
        (BEFORE + "x = ", " + 1\n", "there is text after the cursor"),
        (BEFORE + "foo(", ") # note\n", "there is text after the cursor"),
        ("x = ", "1\n", "the document is nearly empty"),
        ("", "", "the document is nearly empty"),
        (BEFORE + "foo();", "\n", "the statement is finished"),
        (BEFORE + "foo(); ", "\n", "the statement is finished"),
        (BEFORE + "  }", "\n", "the statement is finished"),
        (BEFORE + "})", "\n", "the statement is finished"),
        (BEFORE + "],", "\n", "the statement is finished"),
        (BEFORE + "x = " + 100 * "1", "\n", "the line is longer than 100 characters"),
        (BEFORE, 101 * "1", "the line is longer than 100 characters"),
    ],
)
def test_stays_silent(prefix, suffix, reason):
    assert trigger(place(prefix, suffix), manual=False, rules=RULES) == Trigger(False, reason)


def test_a_semicolon_that_starts_a_comment_ends_nothing():
    assert trigger(place("(define x 1)\n;", language="scheme"), manual=False, rules=RULES).ask


def test_a_language_that_is_off():
    silent = trigger(place(BEFORE + "x", language="markdown"), manual=False, rules=RULES)
    assert silent == Trigger(False, "suggestions are off for markdown")


def test_a_file_that_is_off():
    silent = trigger(place(BEFORE + "KEY=", path="deploy/production.env"), manual=False, rules=RULES)
    assert silent == Trigger(False, "suggestions are off for *.env")


def test_a_big_document():
    rules = TriggerRules(max_file_bytes=1000)
    assert trigger(place(BEFORE), manual=False, rules=rules, document_bytes=1000).ask
    silent = trigger(place(BEFORE), manual=False, rules=rules, document_bytes=1001)
    assert silent == Trigger(False, "the document is larger than 1000 bytes")


def test_selected_text():
    silent = trigger(place(BEFORE), manual=False, rules=RULES, selected=True)
    assert silent == Trigger(False, "text is selected")


@pytest.mark.parametrize("prefix", ["", BEFORE + "foo();", BEFORE + 200 * "x"])
def test_by_hand_it_always_asks(prefix):
    where = place(prefix, "word", language="markdown", path="secrets/a.env")
    asked = trigger(where, manual=True, rules=RULES, document_bytes=10**9, selected=True)
    assert asked == Trigger(True, "")


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
def test_globs(path, glob, matches):
    assert matches_glob(path, glob) is matches
