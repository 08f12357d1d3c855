from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.licences.tokens import tokens


def codes(text: str, language: str = "python", *, window: bool = False) -> list[int]:
    return tokens(text, language, window=window).codes.tolist()


PLAIN = "def f(a):\n    return a + 'x'\n"


@pytest.mark.parametrize(
    "text",
    [
        "def f( a ) :\n\n\n\treturn a+'x'",
        'def f(a):\n    return a + "x"\n',
        "def f(a):  # says f\n    # returns\n    return a + 'x'  # done",
        "import os\nfrom a.b import (\n    c,\n    d,\n)\n\n" + PLAIN,
        "from a import b, c\n" + PLAIN,
    ],
)
def test_what_does_not_matter_in_python(text: str) -> None:
    assert codes(text) == codes(PLAIN)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("typescript", "import { a,\n  b } from './a';\nimport './b'\nlet x = f(1); // one\n"),
        ("javascript", "const { a } = require('a')\n/* a comment\n * of lines */ let x = f(1);"),
        ("go", 'package a\n\nimport (\n\t"fmt"\n)\nlet x = f(1);'),
        ("rust", "use a::{\n  b,\n};\npub(crate) use c;\nlet x = f(1);"),
        ("cpp", "#include <a>\n#pragma once\nusing namespace std;\nlet x = f(1);"),
        ("java", "package a;\nimport b.c;\nlet x = f(1);"),
    ],
)
def test_imports_and_comments_of_other_languages(language: str, text: str) -> None:
    assert codes(text, language) == codes("let x = f(1);", language)


def test_comment_signs_in_strings_start_no_comment() -> None:
    assert codes("a = 'x # y'\n") == codes("a = x\n") + codes("#", "plaintext") + codes("y")
    assert codes('a = "//x"', "go") == codes("a = / / x", "plaintext")


def test_a_window_may_begin_inside_a_comment() -> None:
    window = " of an old comment */\nint a = 1;"
    assert codes(window, "c", window=True) == codes("int a = 1;", "c")
    assert codes(window, "c") != codes("int a = 1;", "c")


def test_lines_are_those_of_the_text() -> None:
    found = tokens("# head\nimport os\n\na = 1\nb\n", "python")
    assert found.lines.tolist() == [3, 3, 3, 4]


def test_words_have_odd_numbers() -> None:
    assert [code % 2 for code in codes("name _x 12 + é")] == [1, 1, 0, 0, 1]


@settings(deadline=None)
@given(st.text(), st.sampled_from(["python", "typescript", "c", "rust", "go", "unheard-of"]), st.booleans())
def test_no_text_raises(text: str, language: str, window: bool) -> None:
    found = tokens(text, language, window=window)
    assert len(found.codes) == len(found.lines)
    assert (found.lines[1:] >= found.lines[:-1]).all()
    assert not len(found.lines) or found.lines[-1] <= text.count("\n")
