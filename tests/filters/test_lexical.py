"""The rough reading of strings, comments and brackets."""

import pytest
from hypothesis import given

from ai_lsp.filters.lexical import Scan, begins_inside, leave, marks, scan
from tests.filters.texts import PIECES


@pytest.mark.parametrize(
    ("text", "language", "opened", "extra", "inside"),
    [
        ("f(a[", "python", (1, 3), (), ""),
        ("a)]", "python", (), (1, 2), ""),
        ("{(}", "go", (), (), ""),
        ("(a}", "go", (0,), (2,), ""),
        ("'(' + \"[\" # {", "python", (), (), "\n"),
        ("# (\n[", "python", (4,), (), ""),
        ("x = 'it", "python", (), (), "'"),
        ("x = 'it\n(", "python", (8,), (), ""),
        ('x = "a\\"(', "java", (), (), '"'),
        ('"""a (\n', "python", (), (), '"""'),
        ("/* ( */ [", "cpp", (8,), (), ""),
        ("/* (", "cpp", (), (), "*/"),
        ("`a ${(\n", "typescript", (), (), "`"),
        ("&'a str, '(', '\\''", "rust", (), (), ""),
        ("don't (", "markdown", (6,), (), ""),
        ("${#a} ( # [", "shellscript", (6,), (), "\n"),
        ("# (", "unheard-of", (2,), (), ""),
        ("-- (", "sql", (), (), "\n"),
    ],
)
def test_scan(text, language, opened, extra, inside):
    assert scan(text, language) == Scan(opened, extra, inside, 0)


def test_text_that_begins_inside_a_string():
    assert scan('a (" + (', "java", '"') == Scan((7,), (), "", 4)
    assert scan("a (", "java", '"') == Scan((), (), '"', -1)
    assert scan("a (\n[", "python", "\n") == Scan((4,), (), "", 3)
    assert scan("a ( */ [", "go", "*/") == Scan((7,), (), "", 6)


def test_marks_leave_out_what_strings_hold():
    assert list(marks('f(\n"""\n("""\n#)', "python")) == [
        ("bracket", 1),
        ("newline", 2),
        ("newline", 11),
        ("open", 12),
    ]


@pytest.mark.parametrize(
    ("window", "inside"),
    [
        ('text.\n    """\n    return 1\n', '"""'),
        ('more text."""\n    return 1\n', '"""'),
        ('    """\n    return 1\n', '"""'),
        ('def f():\n    """\n    Adds.\n    """\n', ""),
        ('def f():\n    """Adds.\n    """\n', ""),
        ('def f():\n    """Adds."""\n', ""),
        ('# Licence\n"""\nThe module.\n"""\n', ""),
        ('"""\nThe module.\n"""\n', ""),
        ('x = f"""\ntext\n"""\n', ""),
        ("x = 1\n", ""),
    ],
)
def test_a_window_may_begin_inside_a_docstring(window, inside):
    assert begins_inside(window, "python") == inside
    assert begins_inside(window, "go") == ""


@given(PIECES)
def test_every_place_is_within_the_text(text):
    for language in ("python", "rust", "typescript", "markdown", "shellscript"):
        found = scan(text, language)
        assert all(text[at] in "([{" for at in found.opened)
        assert all(text[at] in ")]}" for at in found.extra)
        for inside in ('"', "'", "`", '"""', "\n", "*/"):
            assert -1 <= leave(text, inside) <= len(text)
