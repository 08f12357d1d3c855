"""What an endpoint may do with a request: answer it, refuse it, or nothing that anybody can use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.providers.endpoint import Behaviour, Endpoint, Exchange


async def says_hello(exchange: Exchange) -> None:
    """Answer as a server should."""
    await exchange.begin_stream()
    for piece in ("Hel", "lo", " there"):
        await exchange.delta(piece)
    await exchange.end_stream()


def replies(*arguments: str, **named: str) -> Behaviour:
    """Make one that gives this answer, by the arguments of `Exchange.reply`."""

    async def reply(exchange: Exchange) -> None:
        await exchange.reply(*arguments, **named)

    return reply


def streams(*texts: str) -> Behaviour:
    """Make one that streams these texts, and ends."""

    async def stream(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for text in texts:
            await exchange.send(text)

    return stream


async def raw_garbage(exchange: Exchange) -> None:
    await exchange.send(b"\x00\x01 this is no HTTP\r\n\r\n")


async def hangs_up(exchange: Exchange) -> None:
    exchange.writer.close()


async def drips(exchange: Exchange) -> None:
    await exchange.begin_stream()
    for _ in range(1000):
        await exchange.send(":")
        await asyncio.sleep(0.01)


async def mute(exchange: Exchange) -> None:
    await exchange.left()


class Waits:
    """Says nothing until the client leaves, and tells when it was asked and when left."""

    def __init__(self) -> None:
        self.asked, self.left = asyncio.Event(), asyncio.Event()

    async def __call__(self, exchange: Exchange) -> None:
        self.asked.set()
        await exchange.left()
        self.left.set()


FAULTS = {
    "redirect": (
        replies("307 Temporary Redirect", headers="Location: https://elsewhere.example/v1\r\n"),
        "sends on to https://elsewhere.example/v1, which is not followed: set its `url`",
    ),
    "not found": (
        replies("404 Not Found", "<html>no</html>", "text/html"),
        "has nothing there (404); check `url`",
    ),
    "quota": (replies("429 Too Many", headers="Retry-After: 7\r\n"), "has too much to do"),
    "down": (replies("503 Unavailable", '{"detail": "loading"}'), "failed (503): loading; look at its log"),
    "bad request": (
        replies("400 Bad", '{"error": "no such model"}'),
        "does not accept the request (400): no such model",
    ),
    "no HTTP": (raw_garbage, "answered with something that is no HTTP"),
    "hangs up": (hangs_up, "answered with something that is no HTTP"),
}
"""What any request can meet, with what is told of it."""


async def cancelled_once_asked(ask: Callable[[str], Coroutine[Any, Any, object]]) -> None:
    """Cancel what `ask` asks of an endpoint at a URL, and wait until the connection is closed."""
    waits = Waits()
    async with Endpoint(waits).listening() as endpoint:
        task = asyncio.create_task(ask(endpoint.url))
        await asyncio.wait_for(waits.asked.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(waits.left.wait(), 10)
