"""Conversations on their own thread, with the real model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_lsp.engine.llama import ContextSettings, EngineError, LlamaModel
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.talker import Talk, Talker
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.engine.writer import Manner

SECONDS = 60


class Heard:
    """What a talk said, and a way to wait for it."""

    def __init__(self, text: str, **manner: object) -> None:
        self.pieces: list[str] = []
        self.problem = ""
        self.asked, self.began, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.talk = Talk(self.prompt, Manner(**{"max_tokens": 8, **manner}), self.say, self.end)
        self._prompt = text

    def prompt(self, model: LlamaModel) -> list[int]:
        self.asked.set()
        return model.tokenize(self._prompt)

    def say(self, piece: str) -> None:
        self.pieces.append(piece)
        self.began.set()

    def end(self, problem: str) -> None:
        self.problem = problem
        self.ended.set()

    @property
    def text(self) -> str:
        assert self.ended.wait(SECONDS)
        return "".join(self.pieces)


@pytest.fixture
def precedence() -> Precedence:
    return Precedence()


@pytest.fixture
def talker(model_path: Path, precedence: Precedence) -> Iterator[Talker]:
    settings = EngineSettings(model_path, "smollm2", ContextSettings(threads=2))
    one = Talker(settings, 512, precedence)
    yield one
    one.close()


def asked(talker: Talker, text: str, **manner: object) -> Heard:
    heard = Heard(text, **manner)
    talker.submit(heard.talk)
    return heard


COUNT = "1, 2, 3, 4, 5, 6, 7, 8,"


def test_it_answers_one_after_another(talker: Talker) -> None:
    first, second = asked(talker, COUNT), asked(talker, COUNT + " 9, 10,")
    assert first.text.startswith(" 9, 10")
    assert second.text.startswith(" 11, 12")


def test_it_ends_before_a_stop_text(talker: Talker) -> None:
    assert asked(talker, COUNT, max_tokens=40, stop=("12",)).text == " 9, 10, 11, "


def test_what_is_asked_again_is_answered_alike(talker: Talker) -> None:
    assert asked(talker, COUNT).text == asked(talker, COUNT).text


def test_a_prompt_that_is_too_long_is_told(talker: Talker) -> None:
    heard = asked(talker, COUNT * 100)
    assert heard.text == ""
    assert "room for 512" in heard.problem
    assert "roles.context_tokens" in heard.problem


def test_an_answer_is_cut_where_the_context_ends(talker: Talker) -> None:
    heard = asked(talker, "1, 2," + " x" * 440, max_tokens=10_000)
    assert heard.text
    assert heard.problem == ""


def test_stopped_it_takes_the_next(talker: Talker) -> None:
    long = asked(talker, COUNT, max_tokens=400)
    assert long.began.wait(SECONDS)
    waiting = Heard(COUNT)
    talker.submit(waiting.talk)
    talker.stop(waiting.talk)
    talker.stop(long.talk)
    assert asked(talker, COUNT).text.startswith(" 9")
    assert len(long.pieces) < 390
    assert waiting.text == ""


def test_it_waits_while_a_completion_is_wanted_and_goes_on_where_it_was(
    talker: Talker, precedence: Precedence
) -> None:
    whole = asked(talker, COUNT, max_tokens=60).text
    heard = asked(talker, COUNT, max_tokens=60)
    assert heard.began.wait(SECONDS)
    for _ in range(20):
        precedence.begin(now=True)
        precedence.end()
    assert heard.text == whole
    precedence.begin(now=True)
    held = asked(talker, COUNT, max_tokens=60)
    assert held.asked.wait(SECONDS)
    assert held.pieces == []
    precedence.end()
    assert held.text == whole


def test_stopped_while_it_waits(talker: Talker, precedence: Precedence) -> None:
    assert asked(talker, COUNT).text
    precedence.begin(now=True)
    held = asked(talker, COUNT)
    talker.stop(held.talk)
    assert held.text == ""
    precedence.end()


def test_idle_it_gives_the_memory_back_and_takes_it_again(talker: Talker) -> None:
    assert asked(talker, COUNT).text
    assert talker.loaded
    talker.limit(0)
    thread = talker._thread
    if thread is not None:
        thread.join(SECONDS)
    assert not talker.loaded
    assert asked(talker, COUNT).text.startswith(" 9")


def test_a_model_that_cannot_be_loaded_is_told_each_time(tmp_path: Path, precedence: Precedence) -> None:
    talker = Talker(EngineSettings(tmp_path / "gone.gguf", "gone"), 512, precedence)
    for _ in range(2):
        heard = asked(talker, COUNT)
        assert heard.text == ""
        assert "models pull" in heard.problem


def test_a_prompt_that_cannot_be_made_is_told(talker: Talker) -> None:
    heard = Heard(COUNT)

    def refuse(_model: LlamaModel) -> list[int]:
        raise EngineError("no template")

    heard.talk.prompt = refuse
    talker.submit(heard.talk)
    assert heard.text == ""
    assert heard.problem == "no template"


def test_closed_it_answers_with_that(talker: Talker) -> None:
    talker.close()
    assert asked(talker, COUNT).text == ""
