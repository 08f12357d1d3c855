"""Docstrings: the model's prose in the language's and the file's own form."""

import sys
from pathlib import Path

import pytest

from ai_lsp.actions.forms import prose
from ai_lsp.actions.forms.conventions import convention_of
from ai_lsp.actions.forms.form import Unusable
from tests.actions.subjects import after, sight, subject

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "docstrings.toml").read_text("utf-8"))["case"]
ANSWER = "Add up all prices.\nprices: What the things cost.\ntax: The rate.\nreturns: The sum."
FUNCTION = "def total(prices, tax=0):\n    return sum(prices) * (1 + tax)\n"


def documented(text, line, answer=ANSWER, language="python"):
    return after("document", subject("document", sight(text, line, language=language)), answer)


def test_google_where_the_file_has_no_docstring_yet():
    assert documented(FUNCTION, 0) == (
        'def total(prices, tax=0):\n    """Add up all prices.\n\n    Args:\n'
        "        prices: What the things cost.\n"
        '        tax: The rate.\n\n    Returns:\n        The sum.\n    """\n    return sum(prices) * (1 + tax)\n'
    )


def test_numpy_like_the_file():
    other = 'def f(a):\n    """\n    Do.\n\n    Parameters\n    ----------\n    a\n        It.\n    """\n\n\n'
    assert documented(other + FUNCTION, 11) == other + (
        'def total(prices, tax=0):\n    """\n    Add up all prices.\n\n    Parameters\n    ----------\n'
        "    prices\n"
        "        What the things cost.\n    tax\n        The rate.\n\n    Returns\n    -------\n        The sum.\n"
        '    """\n    return sum(prices) * (1 + tax)\n'
    )


def test_sphinx_like_the_file_with_its_quotes():
    other = "def f(a):\n    '''Do.\n\n    :param a: It.\n    '''\n\n\n"
    assert documented(other + FUNCTION, 7) == other + (
        "def total(prices, tax=0):\n    '''Add up all prices.\n\n    :param prices: What the things cost.\n"
        "    :param tax: The rate.\n    :returns: The sum.\n    '''\n    return sum(prices) * (1 + tax)\n"
    )


def test_one_line_where_the_files_docstrings_tell_no_parameters():
    other = 'def f(a):\n    """Do."""\n\n\n'
    assert documented(other + FUNCTION, 4) == other + (
        'def total(prices, tax=0):\n    """Add up all prices."""\n    return sum(prices) * (1 + tax)\n'
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["language"])
def test_other_languages(case):
    found = documented(case["text"], case["line"], language=case["language"])
    assert found.startswith(case["begins"])


def test_a_docstring_is_not_wider_than_usual():
    found = documented(FUNCTION, 0, "Add " + "up and " * 30 + "down.")
    assert max(map(len, found.split("\n"))) <= 88


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        ("Add up all prices. It also does more.", "Add up all prices."),
        ("This function adds up all prices", "Adds up all prices."),
        ("The function `total` is used to add up prices.", "Add up prices."),
        ("This is a Python function that adds up prices.", "Adds up prices."),
        ("This class of numbers is odd.", "This class of numbers is odd."),
        ("**Adds up** all prices, e.g. of a shop. More.", "Adds up all prices, e.g. of a shop."),
        ('```python\ndef total():\n    """Add up all prices."""\n```', "Add up all prices."),
        ("/**\n * Add up all prices.\n * @param prices x\n */", "Add up all prices."),
        ("Summary:\nAdd up all prices.", "Add up all prices."),
    ],
)
def test_the_sentence(answer, summary):
    assert prose.read(answer, ["prices"]).summary == summary


@pytest.mark.parametrize("answer", ["", "Prices.", "def total(prices): return 1;", "x = {1}; y", "a " * 400])
def test_what_is_no_sentence(answer):
    with pytest.raises(Unusable):
        prose.read(answer, [])


def test_parameters_in_whatever_form_and_only_real_ones():
    answer = (
        "Do it now.\n\nArgs:\n- `a` (int): The first.\n* **b**: the second\n  c - third one\n:param d: Fourth.\n"
        "z: None."
    )
    assert prose.read(answer, ["a", "b", "c", "d"]).parameters == {
        "a": "The first.",
        "b": "The second.",
        "c": "Third one.",
        "d": "Fourth.",
    }


@pytest.mark.parametrize(
    ("signature", "language", "names"),
    [
        ("def f(self, a: dict[str, int], *args, b=(1, 2), **kw) -> int:", "python", ["a", "args", "b", "kw"]),
        ("func (s *Store) Get(key string, n int) (string, error)", "go", ["key", "n"]),
        ("fn f(&self, mut a: Vec<(u8, u8)>, b: &str) -> u8", "rust", ["a", "b"]),
        ("f(a: Map<string, number>, ...rest: any[])", "typescript", ["a", "rest"]),
        ("int f(const char *a, int b[3], void)", "c", ["a", "b"]),
        ("function f(?int $a, string $b = 'x')", "php", ["a", "b"]),
        ("def f():", "python", []),
        ("class A:", "python", []),
    ],
)
def test_names_of_parameters(signature, language, names):
    assert prose.parameters_of(signature, language) == names


def test_conventions_of_files():
    assert convention_of("javascript", "/** a */\n/** b */").layout == "plain"
    assert convention_of("javascript", "/** a\n * @param x\n */\n/** b */").layout == "tags"
    assert convention_of("python", '"""\nA.\n\nB.\n"""').apart
    assert convention_of("lua", "").opening == "--- "
    assert convention_of("haskell", "").opening == "-- "


@pytest.mark.parametrize("answer", ["Names returns the names.", "`Names` returns the names.", "Return the names."])
def test_the_name_is_there_once(answer):
    text = "package shop\n\nfunc Names() []string {\n\treturn nil\n}\n"
    about = subject("document", sight(text, 2, language="go"))
    assert "// Names returns the names.\nfunc Names" in after("document", about, answer)


def test_one_line_above_does_not_say_how_several_look():
    text = "/** Rounds. */\nfunction round(x) {\n  return x\n}\n\nfunction half(x) {\n  return x / 2\n}\n"
    about = subject("document", sight(text, 5, language="javascript"))
    assert "\n/** Halve it. */\nfunction half" in after("document", about, "Halve it.")
    found = after("document", about, "Halve it.\nx: A number.")
    assert "\n/**\n * Halve it.\n *\n * @param x - A number.\n */\nfunction half" in found
