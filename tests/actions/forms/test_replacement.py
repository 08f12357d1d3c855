"""Code in the place of code: only what was asked for, indented as the document is."""

import pytest

from ai_lsp.actions.forms.form import Unusable
from tests.actions.subjects import after, sight, subject

TEXT = """class A:
    @cached
    def even(self, n):
        if n % 2 == 0:
            return True
        else:
            return False

x = 1
"""


def simplified(answer, text=TEXT, line=3, last=None):
    return after("simplify", subject("simplify", sight(text, line, last)), answer)


@pytest.mark.parametrize(
    "answer",
    [
        "@cached\ndef even(self, n):\n    return n % 2 == 0",
        "```python\n@cached\ndef even(self, n):\n    return n % 2 == 0\n```",
        "Sure! Here:\n```python\nclass A:\n    @cached\n    def even(self, n):\n        return n % 2 == 0\n\n"
        "print(A().even(3))\n```\nDone.",
        "@cached\ndef even(self, n):\n  return n % 2 == 0",
    ],
)
def test_a_method_whatever_is_around_it(answer):
    assert simplified(answer) == (
        "class A:\n    @cached\n    def even(self, n):\n        return n % 2 == 0\n\nx = 1\n"
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("def odd(self, n):\n    return n % 2 == 1", "no longer defines `even`"),
        ("I cannot do that, I am only a model.", "has no code in it"),
        ("", "has no code in it"),
        (TEXT.split("\n", 1)[1].split("\n\n")[0], "is the code as it was"),
    ],
)
def test_what_cannot_be_used(answer, reason):
    with pytest.raises(Unusable, match=reason):
        simplified(answer)


def test_a_selection_keeps_the_rest():
    found = simplified("return n % 2 == 0", line=3, last=6)
    assert found == "class A:\n    @cached\n    def even(self, n):\n        return n % 2 == 0\n\nx = 1\n"


def test_windows_line_ends_stay():
    seen = sight(TEXT.replace("\n", "\r\n"), 3, 6)
    found = after("simplify", subject("simplify", seen, eol="\r\n"), "return n % 2 == 0")
    assert found == "class A:\n    @cached\n    def even(self, n):\n        return n % 2 == 0\n\nx = 1\n".replace(
        "\n", "\r\n"
    )


def test_an_instruction_goes_when_it_is_done():
    text = "a = 0\n# ai: double it\nx = 1\ny = 2\n\nz = 3\n"
    about = subject("rewrite", sight(text, 2))
    assert about.code == "x = 1\ny = 2"
    assert after("rewrite", about, "x = 2\ny = 4") == "a = 0\nx = 2\ny = 4\n\nz = 3\n"


def test_an_instruction_with_nothing_below_it():
    about = subject("rewrite", sight("# ai: print hello", 0))
    assert about.code == ""
    assert after("rewrite", about, 'print("hello")') == 'print("hello")'


def test_a_method_that_is_none_outside_of_its_class():
    text = "class A {\n  one(): number {\n    return 2 - 1\n  }\n}\n"
    about = subject("simplify", sight(text, 1, language="typescript"))
    answer = "one(): number {\n  return 1\n}\n\nconsole.log(new A().one())"
    assert after("simplify", about, answer) == "class A {\n  one(): number {\n    return 1\n  }\n}\n"
    with pytest.raises(Unusable, match="no longer defines `one`"):
        after("simplify", about, "two(): number {\n  return 1\n}")


@pytest.mark.parametrize(
    "answer", ["x = 1\ny = 2", "# ai: double it\nx = 1\ny = 2", "```python\nx = 1\ny = 2\n```"]
)
def test_an_instruction_that_is_not_followed_stays(answer):
    about = subject("rewrite", sight("a = 0\n# ai: double it\nx = 1\ny = 2\n\nz = 3\n", 2))
    with pytest.raises(Unusable, match="is the code as it was"):
        after("rewrite", about, answer)


SHOP = "class Shop:\n    def buy(self):\n        return 1\n\n    def sell(self):\n        return 2\n"


def test_a_class_keeps_its_methods_unless_it_is_told_otherwise():
    answer = "class Shop:\n    def buy(self):\n        return 1\n"
    with pytest.raises(Unusable, match="no longer defines `sell`"):
        after("simplify", subject("simplify", sight(SHOP, 0)), answer)
    told = subject("rewrite", sight(f"# ai: nothing is sold\n{SHOP}", 1))
    assert after("rewrite", told, answer + "\n    # gone").startswith(answer.rstrip("\n"))


@pytest.mark.parametrize(
    ("language", "text", "answer", "reason"),
    [
        (
            "go",
            "package shop\n\ntype Item struct{}\n\n// ai: double it\nfunc One() int {\n\treturn 1\n}\n",
            "type Item struct{}\n\nfunc One() int {\n\treturn 2\n}",
            "defines `Item`, which is there already",
        ),
        (
            "python",
            "def two():\n    return 2\n\n\n# ai: use two\ndef one():\n    return 1\n",
            "def two():\n    return 2\n\n\ndef one():\n    return two() - 1",
            "defines `two`, which is there already",
        ),
    ],
)
def test_what_is_there_already_is_not_defined_again(language, text, answer, reason):
    line = next(number for number, row in enumerate(text.split("\n")) if "ai:" in row)
    about = subject("rewrite", sight(text, line, language=language))
    with pytest.raises(Unusable, match=reason):
        after("rewrite", about, answer)
    new = answer.replace("type Item", "type Basket").replace("def two", "def three")
    assert new.split("\n")[0] in after("rewrite", about, new)  # what is not there yet may come
