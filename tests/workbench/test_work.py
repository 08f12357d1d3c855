"""Progress bars: what is told when, and what cancelling one does."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

import pytest

from ai_lsp.workbench.work import Work, apart


class Progress:
    """pygls' progress, writing down what the client would be told."""

    def __init__(self) -> None:
        self.tokens: dict[Any, Future[Any]] = {}
        self.told: list[Any] = []

    async def create_async(self, token: Any) -> None:
        self.tokens[token] = Future()

    def begin(self, token: Any, value: Any) -> None:
        self.tokens.setdefault(token, Future())
        self.told.append(("begin", value.title, value.cancellable))

    def report(self, _token: Any, value: Any) -> None:
        self.told.append(("report", value.message))

    def end(self, _token: Any, value: Any) -> None:
        self.told.append(("end", value.message))


class Server:
    def __init__(self) -> None:
        self.work_done_progress = Progress()


async def test_a_client_that_shows_progress_is_asked_and_told_now_and_then():
    server: Any = Server()
    now = 0.0
    async with Work(server, "Explain", shown=True, clock=lambda: now) as work:
        while not server.work_done_progress.told:
            await asyncio.sleep(0)
        work.add("one ")
        work.add("two ")
        now = 0.2
        work.add("three\n")
    told = server.work_done_progress.told
    assert told == [
        ("begin", "ai-lsp: Explain", True),
        ("report", "one"),
        ("report", "one two three"),
        ("end", "done"),
    ]
    assert server.work_done_progress.tokens == {}


async def test_what_came_before_the_bar_is_in_it():
    server: Any = Server()
    async with Work(server, "Explain", shown=True) as work:
        work.add("one")
        while not server.work_done_progress.told:
            await asyncio.sleep(0)
    assert server.work_done_progress.told[1:] == [("report", "one"), ("end", "done")]


async def test_one_that_does_not_is_told_nothing():
    server: Any = Server()
    async with Work(server, "Explain", shown=False) as work:
        work.add("one")
    assert server.work_done_progress.told == []


async def test_the_clients_own_token_needs_no_asking():
    server: Any = Server()
    with pytest.raises(ValueError):
        async with Work(server, "chat", shown=False, token="mine"):
            raise ValueError
    assert server.work_done_progress.told == [("begin", "ai-lsp: chat", True), ("end", "failed")]


async def test_cancelling_the_bar_cancels_the_task():
    server: Any = Server()

    async def working() -> None:
        async with Work(server, "chat", shown=False, token="mine"):
            await asyncio.Event().wait()

    task = asyncio.create_task(working())
    await asyncio.sleep(0)
    server.work_done_progress.tokens["mine"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert server.work_done_progress.told[-1] == ("end", "cancelled")


async def test_work_apart_is_ended_by_a_callback_without_an_error():
    cancels: list[Any] = []

    async def endless() -> None:
        await asyncio.Event().wait()

    async def seven() -> int:
        return 7

    assert await apart(seven(), cancels.append) == 7
    waiting = asyncio.create_task(apart(endless(), cancels.append))
    await asyncio.sleep(0)
    cancels[-1]()
    assert await waiting is None


async def test_work_apart_ends_with_the_server():
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.create_task(apart(endless(), lambda _callback: None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait_for(ended.wait(), 5)
