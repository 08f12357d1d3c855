"""What of an answer is code, and what is prose."""

import pytest

from ai_lsp.actions import extract


@pytest.mark.parametrize(
    ("answer", "language", "expected"),
    [
        ("x = 1", "python", "x = 1"),
        ("```python\nx = 1\n```", "python", "x = 1"),
        ("```\nx = 1\n```\n", "python", "x = 1"),
        ("~~~py\nx = 1\n~~~", "python", "x = 1"),
        ("Sure! Here it is:\n\n```python\nx = 1\n```\nThis sets x.", "python", "x = 1"),
        ("```python\nx = 1\nfor y in x:\n    pass", "python", "x = 1\nfor y in x:\n    pass"),
        ("```bash\npip install a-long-name-of-a-package\n```\n```python\nx = 1\n```", "python", "x = 1"),
        ("```js\nlet a;\n```\nor\n```js\nlet longer = 1;\n```", "javascript", "let longer = 1;"),
        ("Here is the corrected code:\nx = 1", "python", "x = 1"),
        ("Here is the code:\n\nx = 1\n\ny = 2\n\nThis code sets two variables.", "python", "x = 1\n\ny = 2"),
        ("x = 1\n\nNote that this is only an example.", "python", "x = 1"),
        ("<think>Should I?\n```python\nno\n```</think>\n```python\nx = 1\n```", "python", "x = 1"),
        ("<think>never ends", "python", ""),
        ("I cannot do that, since I am only a small model.", "python", ""),
        ("# The total of all\ntotal = 1", "python", "# The total of all\ntotal = 1"),
        ("```python\r\nx = 1\r\n```", "python", "x = 1"),
        ("    indented = 1\n    more = 2", "python", "    indented = 1\n    more = 2"),
        ("````markdown\n```python\nx\n```\n````", "markdown", "```python\nx\n```"),
        ("", "python", ""),
    ],
)
def test_code(answer, language, expected):
    assert extract.code(answer, language) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Read a file.", "Read a file."),
        ('"Read a file."', "Read a file."),
        ("```\nRead a file.\n```", "Read a file."),
        ("## Summary\nRead a file.", "Summary\nRead a file."),
        ("<think>hm</think>\n\nRead.", "Read."),
    ],
)
def test_prose(answer, expected):
    assert extract.prose(answer) == expected


@pytest.mark.parametrize(
    ("answer", "closed"),
    [
        ("```python\nx\n```", True),
        ("Sure:\n```python\nx\n```\n", True),
        ("```python\nx = '```'\n", False),
        ("```python\nx", False),
        ("```", False),
        ("x", False),
    ],
)
def test_the_end_of_the_first_fence(answer, closed):
    assert extract.is_closed(answer) is closed
