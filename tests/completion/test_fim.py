from __future__ import annotations

import pytest

from ai_lsp.completion import fim
from ai_lsp.completion.fim import Layout, Texts
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import Prompt

IDS = {"pre": 1, "suf": 2, "mid": 3}
TEXTS = Texts(("# a.py\n",), "def f():\n    ret", "\n\nf()\n")


@pytest.mark.parametrize(
    ("layout", "parts", "forced"),
    [
        (fim.prefix_only, ("# a.py\ndef f():",), "\n    ret"),
        (fim.prefix_suffix_middle, ("# a.py\n", 1, "def f():\n", 2, "\n\nf()\n", 3), "    ret"),
        (fim.suffix_prefix_middle, ("# a.py\n", 2, "\n\nf()\n", 1, "def f():\n", 3), "    ret"),
        (fim.code_llama, (1, 2, "\n\nf()\n", 3, "# a.py\ndef f():"), "\n    ret"),
        (fim.suffix_then_prefix, (2, "\n\nf()\n", 1, "# a.py\ndef f():"), "\n    ret"),
    ],
)
def test_layouts(layout: Layout, parts: tuple[str | int, ...], forced: str) -> None:
    assert layout(TEXTS, IDS) == Prompt(parts, forced)


@pytest.mark.parametrize("layout", [fim.prefix_only, fim.prefix_suffix_middle, fim.suffix_prefix_middle])
def test_typing_on_a_line_changes_only_the_end(layout: Layout) -> None:
    before = layout(Texts((), "a = 1\nb = foo(", "\n"), IDS).parts
    after = layout(Texts((), "a = 1\nb = foo(bar, ", "\n"), IDS).parts
    assert before[:-1] == after[: len(before) - 1]
    assert str(after[-1]).startswith(str(before[-1]))


def test_a_file_separator_where_the_model_has_one() -> None:
    prompt = fim.prefix_suffix_middle(TEXTS, {**IDS, "sep": 9})
    assert prompt.parts[:3] == (9, "# a.py\n", 1)


def test_each_file_has_its_separator() -> None:
    texts = Texts(("# b.py\nx = 1\n", "# a.py\n"), "", "")
    assert fim.prefix_suffix_middle(texts, {**IDS, "sep": 9}).parts == (
        9,
        "# b.py\nx = 1\n",
        9,
        "# a.py\n",
        1,
        2,
        3,
    )


def info(name: str, spelled: str = "", **ids: int) -> ModelInfo:
    return ModelInfo(name, name, 2048, ids, spelled)


@pytest.mark.parametrize(
    ("model", "layout"),
    [
        (info("smollm2-135m"), fim.prefix_only),
        (info("qwen2.5-coder-1.5b", "<|fim_prefix|>", **IDS), fim.prefix_suffix_middle),
        (info("starcoder2-3b", "<fim_prefix>", **IDS), fim.prefix_suffix_middle),
        (info("deepseek-coder-1.3b", "<｜fim▁begin｜>", **IDS), fim.prefix_suffix_middle),
        (info("mellum-4b", "<fim_prefix>", **IDS), fim.suffix_prefix_middle),
        (info("seed-coder-8b", "<[fim-prefix]>", **IDS), fim.suffix_prefix_middle),
        (info("codellama-7b", "▁<PRE>", **IDS), fim.code_llama),
        (info("codestral-22b", "[PREFIX]", pre=1, suf=2), fim.suffix_then_prefix),
    ],
)
def test_the_family_decides(model: ModelInfo, layout: Layout) -> None:
    assert fim.layout_for(model) is layout
