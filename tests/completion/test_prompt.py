from __future__ import annotations

import pytest

from ai_lsp.completion import prompt
from ai_lsp.context.snippet import Snippet
from tests.fakes import FIM, PLAIN, place

LINES = "".join(f"line_{n} = {n}\n" for n in range(100))


def test_the_path_comes_first() -> None:
    assert prompt.build(place("a = 1\nb"), PLAIN).full.text == "# a.py\na = 1\nb"


def snippet(path: str, text: str) -> Snippet:
    return Snippet("similar", path, text, 1.0)


def test_context_comes_before_the_path() -> None:
    snippets = [snippet("x.py", "import x\n"), snippet("y.py", "import y\n")]
    assert prompt.build(place("b"), PLAIN, snippets).full.text == "# x.py\nimport x\n# y.py\nimport y\n# a.py\nb"


@pytest.mark.parametrize(
    ("chars", "kept"), [(4000, ["x.py", "y.py"]), (2400, ["x.py", "y.py"]), (2000, ["y.py"]), (1500, [])]
)
def test_shorter_keeps_the_best_of_the_context_beside_the_lines_before_the_cursor(
    chars: int, kept: list[str]
) -> None:
    snippets = [snippet("x.py", "import x\n" * 40), snippet("y.py", "import y\n" * 40)]
    short = prompt.build(place(LINES + LINES), PLAIN, snippets).shorter(chars).text
    assert [name for name in ("x.py", "y.py") if name in short] == kept
    assert len(short) <= chars


def test_the_start_of_a_shortened_prefix_stays_while_one_types() -> None:
    starts = set()
    for typed in range(40):
        short = prompt.build(place(LINES * 2 + "x" * typed), PLAIN).shorter(2500)
        starts.add(short.text[:40])
    assert len(starts) <= 2


@pytest.mark.parametrize("chars", [0, 1, 5, 50, 300, 1000])
def test_shorter_is_within_its_bound_and_ends_at_the_cursor(chars: int) -> None:
    short = prompt.build(place(LINES + "x = li", "\ny = 1\n"), PLAIN).shorter(chars)
    assert len(short.text) <= chars
    assert (LINES + "x = li").endswith(short.text.removeprefix("# a.py\n"))


def test_shorter_starts_with_a_whole_line() -> None:
    short = prompt.build(place(LINES + "x = li"), PLAIN).shorter(60)
    assert short.text == "# a.py\nline_96 = 96\nline_97 = 97\nline_98 = 98\nx = li" or short.text.startswith(
        "# a.py\nline_9"
    )


def test_shorter_keeps_some_of_the_suffix_for_a_fim_model() -> None:
    choice = prompt.build(place(LINES + "x = li", "\n" + LINES), FIM)
    assert 2 in choice.shorter(1000).parts
    assert "line_3 = 3" in choice.shorter(1000).text
    assert "line_0" not in choice.shorter(100).text


def test_a_long_line_is_cut_within() -> None:
    short = prompt.build(place("x" * 1000), PLAIN).shorter(100)
    assert short.text.endswith("x" * 80)
