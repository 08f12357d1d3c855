"""A plain server: each key sends the text before the cursor to `create_completion`."""

from __future__ import annotations

import asyncio
import json
import time

from benchmarks.latency.corpus import File
from benchmarks.latency.peers.process import Server
from benchmarks.latency.peers.texts import Texts
from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import Event

_MOST_CHARS = 16_000
"""What surely fits into a context of 8,192 tokens."""


class Plain:
    """One request at a time; what a newer key overtakes while it waits is never asked.

    What was asked is answered however late, and counts.
    """

    name = "plain"

    def __init__(self, server: Server) -> None:
        self._server = server
        self._latest = 0
        self._turn = asyncio.Lock()

    async def start(self, files: list[File]) -> None:
        """Start the server."""
        self._texts = Texts(files)
        self._client = await self._server.start()

    def leave(self, event: Event) -> None:
        """Nothing to do."""

    async def answer(self, event: Event) -> Answer:
        """Ask, once the request before is done."""
        self._texts.apply(event)
        before = self._texts.local().before[-_MOST_CHARS:]
        begin = time.perf_counter()
        self._latest += 1
        number = self._latest
        async with self._turn:
            overtaken = number != self._latest
            text = "" if overtaken else await self._ask(before)
        return Answer(event.kind, event.file, (time.perf_counter() - begin) * 1000, text, overtaken=overtaken)

    async def _ask(self, before: str) -> str:
        reply = await self._client.post("/completion", json={"prompt": before, "n_predict": 48, "stop": ["\n"]})
        reply.raise_for_status()
        return str(json.loads(reply.content)["content"])

    async def rest(self) -> None:
        """Nothing runs when all answers are there."""

    async def stop(self) -> None:
        """End the server."""
        await self._client.aclose()
        await self._server.stop()
