"""Bodies: taken out of whatever the model wrote; head and docstring stay."""

import pytest

from ai_lsp.actions.forms.form import Unusable
from tests.actions.subjects import after, sight, subject

PYTHON = 'class A:\n    def mean(self, numbers):\n        """Return the mean."""\n        ...\n\n    x = 1\n'
DONE = (
    'class A:\n    def mean(self, numbers):\n        """Return the mean."""\n        if not numbers:\n'
    "            return 0\n"
    "        return sum(numbers) / len(numbers)\n\n    x = 1\n"
)
BODY = "if not numbers:\n    return 0\nreturn sum(numbers) / len(numbers)"


def indent(text, by):
    return "\n".join(by + line for line in text.split("\n"))


@pytest.mark.parametrize(
    "answer",
    [
        BODY,
        f"```python\n{BODY}\n```",
        f"def mean(self, numbers):\n{indent(BODY, '    ')}",
        f'```python\ndef mean(self, numbers):\n    """Another docstring."""\n{indent(BODY, "    ")}\n```',
        f"class A:\n    def mean(self, numbers):\n{indent(BODY, '        ')}\n\nprint(A().mean([1]))",
    ],
)
def test_python(answer):
    assert after("complete", subject("complete", sight(PYTHON, 2)), answer) == DONE


@pytest.mark.parametrize(
    "answer", ["", "...", "def mean(self, numbers):\n    pass", 'def mean(self, n):\n    """Doc."""']
)
def test_no_body(answer):
    with pytest.raises(Unusable, match="has no body in it"):
        after("complete", subject("complete", sight(PYTHON, 2)), answer)


@pytest.mark.parametrize(
    ("language", "text", "answer", "expected"),
    [
        (
            "go",
            'func Mean(n []int) int {\n\tpanic("todo")\n}\n',
            "func Mean(n []int) int {\n    if n == nil {\n        return 0\n    }\n    return 1\n}",
            "func Mean(n []int) int {\n\tif n == nil {\n\t\treturn 0\n\t}\n\treturn 1\n}\n",
        ),
        ("rust", "fn one() -> u8 {\n    todo!()\n}\n", "1", "fn one() -> u8 {\n    1\n}\n"),
        (
            "typescript",
            "class A {\n  one(): number {\n  }\n}\n",
            "```ts\none(): number {\n    return 1;\n}\n```",
            "class A {\n  one(): number {\n    return 1;\n  }\n}\n",
        ),
        ("python", "def one(): ...\n", "def one():\n    return 1", "def one():\n    return 1\n"),
    ],
)
def test_other_languages(language, text, answer, expected):
    line = 1 if language == "typescript" else 0
    assert after("complete", subject("complete", sight(text, line, language=language)), answer) == expected


@pytest.mark.parametrize(
    ("language", "text", "answer", "reason"),
    [
        ("python", PYTHON, "def median(numbers):\n    return 1", "defines `median` and not `mean`"),
        (
            "typescript",
            "class Cart {\n  total(): number {\n    throw new Error('no')\n  }\n}\n",
            "export function add(line: Line): void {\n  this.lines.push(line);\n}",
            "defines `add` and not `total`",
        ),
    ],
)
def test_another_definition_is_no_body(language, text, answer, reason):
    with pytest.raises(Unusable, match=reason):
        after("complete", subject("complete", sight(text, 2, language=language)), answer)


def test_a_body_may_define_what_it_uses():
    body = "def weight(n):\n    return n * 2\n\nreturn sum(map(weight, numbers))"
    assert "return sum(map(weight, numbers))" in after("complete", subject("complete", sight(PYTHON, 2)), body)
