"""Suggestions from a provider, with the local engine behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ai_lsp.completion import prompt
from ai_lsp.engine.generate import Limits
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.worker import EngineState
from ai_lsp.providers.chat import NotAllowed, ProviderError
from ai_lsp.providers.completer import Where
from ai_lsp.providers.settings import ProviderSettings
from ai_lsp.providers.tokens import Token
from ai_lsp.relay import Relay
from tests.fakes import PLAIN, FakeEngine, finish, place


@dataclass
class FakeCompleter:
    """Says what a test lets it say."""

    title: str = "qwen3 at team"
    provider: ProviderSettings = field(default_factory=lambda: ProviderSettings("team"))
    said: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    asked: int = 0
    closed: int = 0

    async def stream(self, around: object, where: Where, max_tokens: int) -> AsyncGenerator[Token | None, None]:
        self.asked += 1
        try:
            while (piece := await self.said.get()) != "":
                if isinstance(piece, Exception):
                    raise piece
                yield Token(piece) if isinstance(piece, str) else piece
        finally:
            self.closed += 1

    def say(self, *pieces: Any) -> None:
        """Have it say these; an empty text is the end."""
        for piece in pieces:
            self.said.put_nowait(piece)


class Scene:
    """A relay between a fake provider and a fake engine, both of which the test speaks for."""

    def __init__(self) -> None:
        self.completer = FakeCompleter()
        self.engine = FakeEngine()
        self.told: list[str] = []
        self.now = time.monotonic()
        self.relay = Relay(
            self.engine,
            lambda _language, _file: self.completer,
            lambda _uri: Where(),
            self.told.append,
            lambda: self.now,
        )

    def job(self, *, seconds: float = 60.0, priority: Priority = Priority.COMPLETION, **limits: Any) -> Job:
        stop = limits.pop("stop", lambda _generation: None)
        at = place("x = ")
        return Job(at.uri, prompt.build(at, PLAIN), priority, Limits(stop, 48, self.now + seconds, **limits))

    async def shadow(self) -> Job:
        """Wait until the local engine has been asked."""
        while not self.engine.completions:
            await asyncio.sleep(0)
        return self.engine.completions[0]


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def done(job: Job) -> str:
    return (await asyncio.wait_for(asyncio.wrap_future(job.done), 30)).text


async def test_the_provider_answers_and_the_local_engine_is_left_alone(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say("1", " + 1", "")
    assert await done(job) == "1 + 1"
    assert (job.generation.reason, job.generation.model) == ("end", "qwen3 at team")
    assert job.generation.tokens() == []
    assert scene.engine.completions == []
    assert scene.completer.closed == 1


async def test_what_it_says_of_its_tokens_is_known(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say(Token("1", -0.5), Token(" +é", -1.0), Token(" 1", -0.25), "")
    assert await done(job) == "1 +é 1"
    assert job.generation.tokens() == [("1", -0.5), (" +é", -1.0), (" 1", -0.25)]
    assert job.generation.tokens(1) == [(" +é", -1.0), (" 1", -0.25)]
    assert job.generation.mean_logprob == pytest.approx(-1.75 / 3)


@pytest.mark.parametrize("unknown", [0, 1, 2])
async def test_of_a_text_with_one_that_is_not_known_nothing_is(unknown: int, scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    tokens = [Token(text, None if number == unknown else -0.5) for number, text in enumerate("abc")]
    scene.completer.say(*tokens, "")
    assert await done(job) == "abc"
    assert (job.generation.tokens(), job.generation.mean_logprob) == ([], None)


async def test_its_text_can_be_read_while_it_comes(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say("1")
    while not job.generation.text:
        await asyncio.sleep(0)
    assert not job.done.done()
    scene.completer.say(" + 1", "")
    assert await done(job) == "1 + 1"


async def test_a_stop_rule_closes_the_stream(scene: Scene) -> None:
    def stop(generation: Any) -> tuple[int, str] | None:
        at = generation.text.find("\n")
        return (at, "end of the line") if at >= 0 else None

    job = scene.relay.submit(scene.job(stop=stop))
    scene.completer.say("1\n2")
    assert await done(job) == "1"
    assert job.generation.reason == "end of the line"
    assert scene.completer.closed == 1


async def test_a_text_that_was_cut_for_its_length_is_not_finished(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say("1 + so", None, "")
    assert await done(job) == "1 + so"
    assert not job.generation.finished


async def test_stopped_its_stream_is_closed(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say("1")
    while not job.generation.text:
        await asyncio.sleep(0)
    scene.relay.stop(job)
    assert await done(job) == "1"
    assert job.generation.reason == "stopped"
    assert scene.completer.closed == 1


@pytest.mark.parametrize("error", [ProviderError("team is down"), NotAllowed("not sent")])
async def test_when_it_fails_the_local_engine_answers_at_once(scene: Scene, error: Exception) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say(error)
    finish(await scene.shadow(), "local")
    assert await done(job) == "local"
    assert job.generation.model == ""
    assert scene.told == [str(error)]


async def test_when_it_fails_within_a_text_the_text_is_dropped(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say("1 + ")
    while not job.generation.text:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert scene.engine.completions == []
    scene.completer.say(ProviderError("the stream broke off"))
    finish(await scene.shadow(), "local")
    assert await done(job) == "local"


async def test_after_a_failure_it_is_left_alone_for_a_while(scene: Scene) -> None:
    job = scene.relay.submit(scene.job())
    scene.completer.say(ProviderError("team is down"))
    finish(await scene.shadow(), "local")
    await done(job)
    scene.relay.submit(scene.job())
    assert (scene.completer.asked, len(scene.engine.completions)) == (1, 2)
    scene.now += 6
    job = scene.relay.submit(scene.job())
    scene.completer.say("1", "")
    assert await done(job) == "1"
    assert scene.told == ["team is down", ""]


async def test_at_the_deadline_the_local_text_is_there_and_the_late_one_comes_after(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_lsp.relay.HEAD_START", 0.0)
    job = scene.relay.submit(scene.job(seconds=0.0))
    finish(await scene.shadow(), "local")
    while job.generation.text != "local":
        await asyncio.sleep(0)
    assert not job.done.done()
    scene.completer.say("remote", "")
    assert await done(job) == "remote"
    assert job.generation.model == "qwen3 at team"


async def test_often_late_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_lsp.relay.HEAD_START", 0.0)
    for _ in range(3):
        job = scene.relay.submit(scene.job(seconds=-1.0))
        scene.completer.say("remote", "")
        await done(job)
    job = scene.relay.submit(scene.job())
    scene.completer.say("remote", "")
    await done(job)
    assert scene.told == ["", "", "qwen3 at team is late", ""]


async def test_without_a_local_model_it_answers_all_the_same(scene: Scene) -> None:
    scene.engine.state = EngineState("failed", "no model is installed")
    assert scene.relay.state.kind == "failed"
    job = scene.relay.submit(scene.job())
    scene.completer.say("1", "")
    assert await done(job) == "1"
    assert scene.relay.state.info is not None
    assert scene.relay.state.info.name == "qwen3 at team"
    job = scene.relay.submit(scene.job())
    scene.completer.say(ProviderError("team is down"))
    await done(job)
    assert job.generation.error == "team is down"


async def test_what_the_local_engine_alone_can_do_goes_there(scene: Scene) -> None:
    scene.relay.submit(scene.job(unlike=("1",)))
    at = place("x = ")
    scene.relay.submit(Job(at.uri, prompt.build(at, PLAIN), Priority.WARM_UP))
    assert (scene.completer.asked, len(scene.engine.completions), len(scene.engine.warm_ups)) == (0, 1, 1)


async def test_a_completion_stops_what_is_made_ahead(scene: Scene) -> None:
    ahead = scene.relay.submit(scene.job(priority=Priority.AHEAD))
    while not scene.completer.asked:
        await asyncio.sleep(0)
    job = scene.relay.submit(scene.job())
    await done(ahead)
    scene.completer.say("1", "")
    assert await done(job) == "1"
    assert scene.engine.aheads == []
