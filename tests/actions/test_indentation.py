"""Code brought to a document's indentation."""

import pytest

from ai_lsp.actions.indentation import indented, unit_of


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("def f():\n  if a:\n    b\n", "  "),
        ("def f():\n    if a:\n        b\n", "    "),
        ("func f() {\n\tif a {\n\t\tb\n\t}\n}\n", "\t"),
        ("/**\n * a\n */\nf() {\n   b\n}\n", "   "),
        ("x = 1\n", "    "),
    ],
)
def test_unit(text, unit):
    assert unit_of(text.split("\n")) == unit


@pytest.mark.parametrize(
    ("code", "indent", "unit", "expected"),
    [
        ("x = 1", "    ", "    ", "    x = 1"),
        ("if a:\n    b\nc", "  ", "  ", "  if a:\n    b\n  c"),
        (
            "if a {\n    b\n    if c {\n        d\n    }\n}",
            "\t",
            "\t",
            "\tif a {\n\t\tb\n\t\tif c {\n\t\t\td\n\t\t}\n\t}",
        ),
        ("if a {\n\tb\n}", "", "  ", "if a {\n  b\n}"),
        ("        x = 1\n        y = 2", "    ", "    ", "    x = 1\n    y = 2"),
        ("x = 1\n    y = 2\n    z = 3", "", "    ", "x = 1\ny = 2\nz = 3"),
        ("f(\n    a,\n    b)", "", "    ", "f(\n    a,\n    b)"),
        ("def f\n  1\nend", "", "  ", "def f\n  1\nend"),
        ("a\n\n   \nb", "  ", "  ", "  a\n\n\n  b"),
        ("/*\n * a\n */", "", "    ", "/*\n * a\n */"),
    ],
)
def test_indented(code, indent, unit, expected):
    assert indented(code, indent, unit) == expected
