"""Comments: only the prose changes, the marks stay."""

import pytest

from ai_lsp.actions.forms.form import Unusable
from tests.actions.subjects import after, result, sight, subject

NEW = "It is the sum."


@pytest.mark.parametrize(
    ("text", "language", "line", "expected"),
    [
        ("# Die Summe\n# von allem\nx = 1\n", "python", 1, f"# {NEW}\nx = 1\n"),
        ("    # Die Summe\n    x = 1\n", "python", 0, f"    # {NEW}\n    x = 1\n"),
        ("x = 1  # Die Summe\n", "python", 0, f"x = 1  # {NEW}\n"),
        ("/* Die Summe */\nlet x;\n", "typescript", 0, f"/* {NEW} */\nlet x;\n"),
        ("/**\n * Die Summe\n */\nlet x;\n", "typescript", 1, f"/**\n * {NEW}\n */\nlet x;\n"),
        ("/// Die Summe\nfn x() {}\n", "rust", 0, f"/// {NEW}\nfn x() {{}}\n"),
        ('def f():\n    """Die Summe."""\n', "python", 1, f'def f():\n    """{NEW}"""\n'),
        ('def f():\n    """Die Summe.\n    """\n', "python", 1, f'def f():\n    """{NEW}\n    """\n'),
        ("<!-- Die Summe -->\n<p></p>\n", "html", 0, f"<!-- {NEW} -->\n<p></p>\n"),
    ],
)
def test_exchanged(text, language, line, expected):
    about = subject("translate", sight(text, line, language=language))
    assert after("translate", about, NEW) == expected


def test_a_long_one_is_wrapped_under_its_marks():
    about = subject("translate", sight("    # Die Summe\n    x = 1\n", 0))
    found = after("translate", about, "word " * 40)
    rows = found.split("\n")[:-2]
    assert len(rows) > 2 and all(row.startswith("    # word") and len(row) <= 72 for row in rows)


def test_a_trailing_one_goes_on_below_its_column():
    about = subject("translate", sight("x = 1  # Die Summe\n", 0))
    assert after("translate", about, "word " * 30).split("\n")[1].startswith("       # word")


@pytest.mark.parametrize("answer", ["", "ends */ evil()", 'a """ b'])
def test_what_would_end_the_comment(answer):
    with pytest.raises(Unusable):
        result("translate", subject("translate", sight("# Die Summe\n", 0)), answer)


GERMAN = "# Dies ist die Summe aller Mengen\nx = 1\n"


@pytest.mark.parametrize("answer", ["Dies ist die Summe aller Mengen.", "Diese Summe: alle Mengen als Summe"])
def test_what_is_not_translated(answer):
    with pytest.raises(Unusable, match="is not translated into English"):
        after("translate", subject("translate", sight(GERMAN, 0)), answer)


@pytest.mark.parametrize("answer", ["The sum of all quantities.", "Total quantity"])
def test_what_is(answer):
    assert after("translate", subject("translate", sight(GERMAN, 0)), answer) == f"# {answer}\nx = 1\n"
