from __future__ import annotations

import pytest

from ai_lsp.completion import prompt
from ai_lsp.engine.model_info import ModelInfo
from tests.fakes import PLAIN, place

FIM = ModelInfo("qwen", "qwen", 2048, {"pre": 1, "suf": 2, "mid": 3}, "<|fim_prefix|>")
LINES = "".join(f"line_{n} = {n}\n" for n in range(100))


def test_the_path_comes_first() -> None:
    assert prompt.build(place("a = 1\nb"), PLAIN).full.text == "# a.py\na = 1\nb"


def test_context_comes_before_the_path() -> None:
    assert prompt.build(place("b"), PLAIN, "import x\n").full.text == "import x\n# a.py\nb"


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
