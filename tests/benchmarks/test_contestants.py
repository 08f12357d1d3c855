"""Replaying against clients whose server is a fake."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import httpx

from ai_lsp.completion import pipeline, turns
from benchmarks.latency import contest
from benchmarks.latency.corpus import File
from benchmarks.latency.ours import OVERTAKEN
from benchmarks.latency.peers.llama_vim import LlamaVim
from benchmarks.latency.peers.plain import Plain
from benchmarks.latency.replay import Answer, Answerer, replay, segments
from benchmarks.latency.traces import Event

Body = dict[str, Any]
FILES = [File("a.py", "python", "one = 1\n\n")]


class FakeServer:
    """Answers each request with what `write` makes of its body."""

    def __init__(self, write: Callable[[Body], Awaitable[str]]) -> None:
        self.bodies: list[Body] = []
        self._write = write

    async def start(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._handle), base_url="http://127.0.0.1")

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"content": await self._write(self.bodies[-1])})

    async def stop(self) -> None: ...


def key(offset: int, text: str, kind: str = "char") -> Event:
    return Event(0.0, 0, kind, offset, 0, text)


async def says_two(_body: Body) -> str:
    return "wo = 2"


async def test_llama_vim_asks_once_for_what_is_typed_through() -> None:
    server = FakeServer(says_two)
    vim = LlamaVim(server, fim=True, seed=1)
    await vim.start(FILES)
    first = await vim.answer(key(8, "t"))
    second = await vim.answer(key(9, "w"))
    await vim.stop()
    assert (first.text, first.asked) == ("wo = 2", True)
    assert (second.text, second.asked) == ("o = 2", False)
    assert server.bodies[0]["prompt"] == "t"


async def test_llama_vim_asks_nothing_before_more_than_8_characters() -> None:
    server = FakeServer(says_two)
    vim = LlamaVim(server, fim=True, seed=1)
    await vim.start([File("a.py", "python", "a_long_name = 1\n")])
    answer = await vim.answer(key(0, "x"))
    await vim.stop()
    assert (answer.text, answer.overtaken, server.bodies) == ("", False, [])


async def test_llama_vim_lets_a_request_run_when_a_key_overtakes_it() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def write(_body: Body) -> str:
        asked.set()
        await go_on.wait()
        return "wo = 2"

    vim = LlamaVim(FakeServer(write), fim=True, seed=1)
    await vim.start(FILES)
    first = asyncio.create_task(vim.answer(key(8, "t")))
    await asked.wait()
    second = asyncio.create_task(vim.answer(key(9, "w")))
    assert (await first).overtaken
    go_on.set()
    assert (await second).text == "o = 2"
    await vim.stop()


async def test_with_cancels_a_key_closes_the_connection_of_the_one_before() -> None:
    closed, asked = asyncio.Event(), asyncio.Event()

    async def write(body: Body) -> str:
        if body["prompt"] != "t":
            return "o = 2"
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            closed.set()
        return ""

    vim = LlamaVim(FakeServer(write), fim=True, seed=1, cancels=True)
    await vim.start(FILES)
    first = asyncio.create_task(vim.answer(key(8, "t")))
    await asked.wait()
    assert (await vim.answer(key(9, "w"))).text == "o = 2"
    assert (await first).overtaken
    assert closed.is_set()
    await vim.stop()


async def test_llama_vim_shows_nothing_when_the_server_fails() -> None:
    async def write(_body: Body) -> str:
        raise httpx.ReadTimeout("too slow")

    vim = LlamaVim(FakeServer(write), fim=True, seed=1)
    await vim.start(FILES)
    answer = await vim.answer(key(8, "t"))
    await vim.stop()
    assert (answer.text, answer.overtaken) == ("", False)


async def test_plain_never_asks_for_what_was_overtaken_while_it_waited() -> None:
    async def write(_body: Body) -> str:
        await asyncio.sleep(0)  # the other keys come
        return ""

    server = FakeServer(write)
    plain = Plain(server)
    await plain.start(FILES)
    answers = await asyncio.gather(*(plain.answer(key(8 + n, text)) for n, text in enumerate("two")))
    await plain.stop()
    assert [answer.overtaken for answer in answers] == [False, True, False]
    assert [body["prompt"].split("\n")[-1] for body in server.bodies] == ["t", "two"]


class Recorder:
    """An answerer that notes what it is told."""

    name = "recorder"

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def start(self, files: list[File]) -> None: ...

    def leave(self, event: Event) -> None:
        self.seen.append(f"leave for {event.kind}")

    async def answer(self, event: Event) -> Answer:
        self.seen.append(event.text)
        return Answer(event.kind, event.file, 1.0)

    async def rest(self) -> None:
        self.seen.append("rest")

    async def stop(self) -> None: ...


async def test_replay_says_when_the_cursor_leaves_and_when_the_turn_is_over() -> None:
    recorder = Recorder()
    answers = await replay(recorder, [key(0, "a"), key(1, "b", "jump"), key(2, "c")])
    assert recorder.seen == ["a", "leave for jump", "b", "c", "rest"]
    assert [answer.kind for answer in answers] == ["char", "jump", "char"]


def test_a_trace_is_cut_into_turns_of_60() -> None:
    assert [len(part) for part in segments([key(n, "x") for n in range(130)])] == [60, 60, 10]


def test_the_server_names_overtaken_requests_as_the_benchmark_expects() -> None:
    source = inspect.getsource(pipeline) + inspect.getsource(turns)
    assert [reason for reason in OVERTAKEN if f'"{reason}"' not in source] == []


async def test_what_was_measured_is_not_lost_by_a_complaint_at_the_end() -> None:
    class Ends:
        name = "ai-lsp"

        def __init__(self, complaint: str) -> None:
            self.complaint = complaint

        async def stop(self) -> None:
            if self.complaint:
                raise AssertionError(self.complaint)

    ends = [cast(Answerer, Ends("Traceback: a job failed")), cast(Answerer, Ends(""))]
    assert [await contest.ended(one) for one in ends] == ["ai-lsp: Traceback: a job failed", ""]
