"""What a tree tells of the lines that an action is asked for."""

import pytest

from ai_lsp.actions.around import Comment, is_stub
from tests.actions.subjects import sight

PYTHON = '''import os

# one
# two
class A:
    """Holds."""

    @property
    @cached
    def size(self) -> int:
        return 1  # why

    def stub(self):
        pass
'''


@pytest.mark.parametrize(
    ("line", "name", "first", "last"),
    [
        (9, "size", 7, 10),
        (8, "size", 7, 10),
        (7, "size", 7, 10),
        (10, "size", 7, 10),
        (4, "A", 4, 13),
        (12, "stub", 12, 13),
    ],
)
def test_the_innermost_definition_with_its_decorators(line, name, first, last):
    found = sight(PYTHON, line).around.definition
    assert (found.name, found.first, found.last) == (name, first, last)


def test_outside_of_all():
    assert sight(PYTHON, 0).around.definition is None
    assert sight("x", 0, language="plaintext").around.definition is None
    assert sight("", 0).around.definition is None


def test_a_selection_is_in_what_holds_all_of_it():
    assert sight(PYTHON, 10, 12).around.definition.name == "A"


def test_what_is_known():
    found = sight(PYTHON, 9).around.definition
    assert (found.kind, found.parent, found.signature, found.doc, found.stub) == (
        "property",
        "A",
        "def size(self) -> int:",
        "",
        False,
    )
    assert sight(PYTHON, 4).around.definition.doc == "Holds."


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        ("pass", True),
        ("...", True),
        ('"""Do it."""\n    ...', True),
        ('"""Do it."""', True),
        ("# TODO\n    pass", True),
        ("raise NotImplementedError", True),
        ('raise NotImplementedError("x")', True),
        ("{\n}", True),
        ("{ /* later */ }", True),
        ("{\n  // TODO\n  throw new Error('not implemented');\n}", True),
        ("{ todo!() }", True),
        ('{\n\tpanic("todo")\n}', True),
        ("return 1", False),
        ("pass\n    x = 1", False),
        ("{ return 1 }", False),
        ("raise ValueError", False),
    ],
)
def test_stub(body, stub):
    assert is_stub(body) is stub


@pytest.mark.parametrize(
    ("text", "line", "language", "expected"),
    [
        (PYTHON, 2, "python", Comment(2, 3, 0)),
        (PYTHON, 3, "python", Comment(2, 3, 0)),
        (PYTHON, 10, "python", Comment(10, 10, 18)),
        (PYTHON, 5, "python", Comment(5, 5, 4)),
        ("/**\n * a\n */\nlet x;\n", 1, "typescript", Comment(0, 2, 0)),
        ("func f() {\n\t// é\n\t// b\n}\n", 2, "go", Comment(1, 2, 1)),
        ("x = 1\n", 0, "python", None),
        ("\n", 0, "python", None),
        ("s = '# no'\n", 0, "python", None),
    ],
)
def test_comment(text, line, language, expected):
    assert sight(text, line, language=language).around.comment == expected
