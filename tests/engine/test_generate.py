"""The decode loop with the real default model."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ai_lsp.engine import healing
from ai_lsp.engine.generate import Generator, Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.llama import DecodeAborted
from ai_lsp.engine.prompt import Prompt, PromptChoice

SOURCE = """import os


def read_file(path):
    with open(path) as f:
        return f.read()


def write_file(path, text):
    with open(path, "w") as f:
        f.write(text)


def copy_file(source, target):
"""


def prompt(text: str) -> PromptChoice:
    def of(part: str) -> Prompt:
        head, forced = healing.split(part)
        return Prompt((head,) if head else (), forced)

    return PromptChoice(of(text), lambda chars: of(text[-chars:] if chars else ""))


def one_line(generation: Generation) -> tuple[int, str] | None:
    at = generation.text.find("\n")
    return (at, "line") if at > 0 else None


def run(generator: Generator, text: str, **limits: object) -> Generation:
    out = Generation()
    generator.generate(prompt(text), replace(Limits(one_line, 24), **limits), out)  # type: ignore[arg-type]
    return out


def test_a_word_cut_in_two_is_finished(generator: Generator) -> None:
    assert run(generator, SOURCE + "    with ope").text.startswith("n(")


def test_an_indented_empty_line_goes_on_with_a_statement(generator: Generator) -> None:
    text = run(generator, SOURCE + "    ").text
    assert text.startswith(("with open(", "os.", "return ", "text = ", "copy_file("))


def test_the_same_text_whether_the_guess_was_evaluated_or_not(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = range(len(SOURCE) - 40, len(SOURCE))
    guessed = [run(generator, SOURCE[:cut]).text for cut in cuts]
    monkeypatch.setattr("ai_lsp.engine.encoding._LONGEST_GUESS", -1)
    assert [run(generator, SOURCE[:cut]).text for cut in cuts] == guessed


def test_one_more_character_evaluates_few_tokens(generator: Generator) -> None:
    first = run(generator, SOURCE + "    with")
    assert first.counts.evaluated == first.counts.prompt
    for end in ("    with ", "    with o", "    with op", "    with ope"):
        counts = run(generator, SOURCE + end).counts
        assert counts.evaluated < 16
        assert counts.reused + counts.evaluated == counts.prompt


def test_typing_on_within_a_word_evaluates_nothing(generator: Generator) -> None:
    run(generator, SOURCE + "    with")
    for end in ("    witho", "    wither"):
        counts = run(generator, SOURCE + end).counts
        assert (counts.evaluated, counts.reused) == (0, counts.prompt)


def test_the_same_text_from_a_warm_and_from_a_cold_kv(generator: Generator) -> None:
    ends = ["    wi", "    with", "    with o", "    with op", "    return ", "    ", "    with"]
    warm = [run(generator, SOURCE + end).text for end in ends]
    cold = []
    for end in ends:
        for sequence in (generator.sequences._scratch, *generator.sequences._lasting):
            generator.sequences.keep(sequence, 0)
        cold.append(run(generator, SOURCE + end).text)
    assert warm == cold


def test_typing_through_the_suggestion_evaluates_few_tokens(generator: Generator) -> None:
    text = SOURCE + "    with"
    for _ in range(12):
        out = run(generator, text)
        text += out.text[0]
    assert out.counts.evaluated < 16


def test_a_warm_prompt_is_not_evaluated_again(generator: Generator) -> None:
    text = SOURCE + "    with ope"
    assert generator.warm(prompt(text), Generation()) > 50
    assert generator.warm(prompt(text), Generation()) == 0
    assert run(generator, text).counts.evaluated < 8


def test_confidence_comes_with_every_token(generator: Generator) -> None:
    out = run(generator, SOURCE + "    with ope")
    assert out.first_logprob is not None and out.mean_logprob is not None
    assert all(logprob <= 0 for logprob in out.logprobs)
    assert out.first_logprob > -1.0


def test_the_token_limit(generator: Generator) -> None:
    out = run(generator, SOURCE + "    with ope", stop=lambda _: None, max_tokens=5)
    assert (out.reason, len(out.logprobs)) == ("length", 5)
    assert not out.finished


def test_a_stop_rule_cuts(generator: Generator) -> None:
    out = run(generator, SOURCE + "    with ope", stop=lambda one: (2, "enough") if len(one.text) >= 2 else None)
    assert (out.text, out.reason) == ("n(", "enough")


def test_an_empty_document(generator: Generator) -> None:
    assert run(generator, "").reason in ("length", "line", "end")


@pytest.mark.parametrize("text", ["x = '🙂", "# naïve ca", "\x00\x01\x02", "\ud800 = 1", "\r\n\t", "日本"])
def test_odd_text(generator: Generator, text: str) -> None:
    assert run(generator, text).reason


def test_a_prompt_beyond_the_cells_loses_its_start(generator: Generator) -> None:
    out = run(generator, SOURCE * 40 + "    with ope")
    assert out.counts.prompt <= generator.context.cells
    assert out.text.startswith("n(")


def test_a_short_prompt_where_the_full_one_comes_too_late(generator: Generator) -> None:
    generator.speed.prefill_ms, generator.speed.decode_ms = 4.0, 10.0
    out = run(generator, SOURCE * 8 + "    with ope", deadline=time.monotonic() + 0.8)
    assert out.counts.shortened
    assert out.counts.prompt < 200
    assert out.text.startswith("n(")


def test_typing_on_after_a_short_prompt_evaluates_little(generator: Generator) -> None:
    for end, most in (("", 200), ("n(", 12), ("n(pa", 12), ("n(path", 12)):
        generator.speed.prefill_ms, generator.speed.decode_ms = 4.0, 10.0
        out = run(generator, SOURCE * 8 + "    with ope" + end, deadline=time.monotonic() + 0.8)
        assert out.counts.shortened
        assert out.counts.evaluated < most


def test_what_an_overtaken_key_evaluated_serves_the_next(generator: Generator) -> None:
    generator.speed.prefill_ms, generator.speed.decode_ms = 4.0, 10.0
    asked = iter([False, False, True])
    generator.should_stop = lambda: next(asked)
    overtaken = run(generator, SOURCE * 8 + "    with ope", deadline=time.monotonic() + 0.8)
    assert overtaken.reason == "stopped"
    generator.should_stop = lambda: False
    generator.speed.prefill_ms, generator.speed.decode_ms = 4.0, 10.0
    out = run(generator, SOURCE * 8 + "    with open", deadline=time.monotonic() + 0.8)
    assert out.counts.shortened
    assert out.counts.reused >= overtaken.counts.evaluated - 2 > 20


def test_alternatives_begin_unlike_what_is_known(generator: Generator) -> None:
    first = run(generator, SOURCE + "    with ")
    second = run(generator, SOURCE + "    with ", unlike=(first.text,))
    third = run(generator, SOURCE + "    with ", unlike=(first.text, second.text))
    assert second.counts.evaluated == third.counts.evaluated == 0
    assert len({first.text, second.text, third.text}) == 3
    assert run(generator, SOURCE + "    with ").text == first.text


def test_a_short_prompt_that_comes_too_late_is_there_for_the_next_key(generator: Generator) -> None:
    for end, most in (("", 160), ("n(", 12)):
        generator.speed.prefill_ms, generator.speed.decode_ms = 4.0, 10.0
        out = run(generator, SOURCE * 8 + "    with ope" + end, deadline=time.monotonic() + 0.2)
        assert out.counts.shortened
        assert out.counts.prompt >= 100
        assert out.counts.evaluated < most


def test_a_short_prompt_is_not_tried_where_the_full_one_is_nearly_there(generator: Generator) -> None:
    generator.speed.prefill_ms, generator.speed.decode_ms = 4.0, 10.0
    out = run(generator, SOURCE * 3 + "    with ope", deadline=time.monotonic() + 0.2)
    assert out.counts.prompt > 128
    assert not out.counts.shortened


def test_a_stop_between_steps_keeps_what_is_evaluated(generator: Generator) -> None:
    generator.speed.prefill_ms = 10.0  # steps of 16 tokens
    asked = iter([False, False, False, True])
    generator.should_stop = lambda: next(asked)
    with pytest.raises(DecodeAborted):
        generator.warm(prompt(SOURCE * 4), Generation())
    generator.should_stop = lambda: False
    out = run(generator, SOURCE * 4)
    assert out.counts.reused >= 48 - 1


def test_an_aborted_generation_says_so(generator: Generator) -> None:
    generator.context.abort()
    out = run(generator, SOURCE)
    generator.context.resume()
    assert (out.text, out.reason) == ("", "stopped")
    assert run(generator, SOURCE + "    with ope").text.startswith("n(")
