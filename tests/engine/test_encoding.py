"""Prompts cut to what the KV holds."""

from __future__ import annotations

import pytest

from ai_lsp.completion import prompt
from ai_lsp.context.snippet import Snippet
from ai_lsp.engine.encoding import Encoder
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.llama import EngineError, LlamaModel
from ai_lsp.engine.prompt import PromptChoice
from ai_lsp.engine.vocabulary import Vocabulary
from tests.fakes import PLAIN, place

LINES = [f"    value_{n} = compute(value_{n - 1}, {n})\n" for n in range(200)]
SNIPPET = Snippet("similar", "b.py", "".join(f"def compute_{n}(): ...\n" for n in range(20)), 1.0)


def at(line: int, uri: str = "file:///a.py", typed: str = "") -> PromptChoice:
    """A prompt for a place some lines down in a window that begins with the document."""
    return prompt.build(place("".join(LINES[:line]) + typed, uri=uri), PLAIN, [SNIPPET])


def test_all_of_a_prompt_that_fits(model: LlamaModel, vocabulary: Vocabulary) -> None:
    out, choice = Generation(), at(20)
    encoded = Encoder(model, vocabulary, 1280).fitting(choice, out, reserve=64)
    assert encoded.prompt == choice.full
    assert out.chars_per_token == len(choice.full.text) / len(encoded.whole)


def test_what_does_not_fit_begins_at_the_same_line_while_one_types_on(
    model: LlamaModel, vocabulary: Vocabulary
) -> None:
    encoder = Encoder(model, vocabulary, 1280)
    starts = set()
    for line in range(60, 90):
        encoded = encoder.fitting(at(line, typed="    val"), Generation(), reserve=64)
        assert len(encoded.whole) <= 1280 - 64
        starts.add(encoded.prompt.text[:800])
        encoder.fitting(at(200 - line, "file:///b.py"), Generation(), reserve=64)
    assert len(starts) <= 3


def test_it_tells_of_the_full_prompt_how_dense_it_is(model: LlamaModel, vocabulary: Vocabulary) -> None:
    out, whole = Generation(), Generation()
    Encoder(model, vocabulary, 512).fitting(at(100), out, reserve=64)
    Encoder(model, vocabulary, 8192).fitting(at(100), whole, reserve=64)
    assert out.chars_per_token == whole.chars_per_token


def test_nothing_where_it_must_be_whole(model: LlamaModel, vocabulary: Vocabulary) -> None:
    encoder = Encoder(model, vocabulary, 512)
    with pytest.raises(EngineError, match="the context has 448"):
        encoder.fitting(at(100), Generation(), reserve=64, whole=True)
    assert encoder.fitting(at(5), Generation(), reserve=64, whole=True).prompt == at(5).full
