"""llama-server, asked as llama.vim asks (as of its master branch in 2026; read, not copied).

What is measured is what its user sees: the time from a key until a suggestion is there for it, from the server or
from llama.vim's own cache. It has one request under way and never cancels it: a key that comes meanwhile is asked
for 100 ms later, again and again, and may also be served by the answer to an earlier key that it typed through.
With `cancels` a newer key closes the connection instead, at which llama-server stops, and is asked for at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from typing import Any

import httpx

from benchmarks.latency.corpus import File
from benchmarks.latency.peers import infill
from benchmarks.latency.peers.memory import Memory
from benchmarks.latency.peers.process import Server
from benchmarks.latency.peers.ring import CHUNK_LINES, Ring
from benchmarks.latency.peers.texts import PREFIX_LINES, SUFFIX_LINES, Local, Texts
from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import Event

_RETRY_SECONDS = 0.1
_RING_SECONDS, _STILL_SECONDS = 1.0, 3.0
"""How often a queued chunk may be sent, and how long a cursor must rest for it while one is in insert mode."""
_SCOPE_LINES = 1024
_FAR_LINES = 32
_MOST_AFTER = 8
"""Characters right of the cursor beyond which nothing is asked unbidden."""


class LlamaVim:
    """One client of one llama-server."""

    def __init__(self, server: Server, *, fim: bool, seed: int, cancels: bool = False) -> None:
        self.name = "llama-server-cancels" if cancels else "llama-server"
        self._server = server
        self._cancels = cancels
        self._fim = fim
        self._seed = seed
        self._memory = Memory()
        self._ring = Ring(random.Random(seed))
        self._waiting: asyncio.Future[str] | None = None
        self._asked = False
        self._shown = False
        self._job: asyncio.Task[None] | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._ticker: asyncio.Task[None] | None = None
        self._warming: set[asyncio.Task[Any]] = set()
        self._inserting = True
        self._moved = self._picked_row = 0.0

    async def start(self, files: list[File]) -> None:
        """Start the server."""
        self._texts = Texts(files)
        self._picked_row = -9999
        self._client = await self._server.start()

    def leave(self, event: Event) -> None:
        """Save, go to another place in normal mode, and take chunks where another file is entered."""
        self._inserting = False
        self._tick()
        if event.file != self._texts.file:
            half = CHUNK_LINES // 2
            self._pick(self._texts.around(half, half), evict=True)
            entered = self._texts.around(half, half, file=event.file, at=event.offset)
            self._ring.pick(entered, self._texts.names[event.file], evict=True)

    async def answer(self, event: Event) -> Answer:
        """Apply the edit and wait until there is something for it, or a newer key comes."""
        self._texts.apply(event)
        self._inserting, begin = True, time.perf_counter()
        self._tick()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.cancel()
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._asked = self._shown = False
        self._moved = time.monotonic()
        self._try_hint()
        self._ask()
        self._give_up_if_idle()
        await asyncio.wait({waiting})
        ms, overtaken = (time.perf_counter() - begin) * 1000, waiting.cancelled()
        text = "" if overtaken else waiting.result()
        return Answer(event.kind, event.file, ms, text, overtaken=overtaken, asked=self._asked)

    def _try_hint(self) -> None:
        """Show what the cache has for the cursor's place, and ask ahead for what follows it."""
        local = self._texts.local()
        exact = self._memory.get(local.before, local.suffix)
        found = exact or self._memory.typed_through(local.before, local.suffix)
        lines = (found or "").rstrip("\n").split("\n")
        if lines != [""]:
            self._shown = True
            self._resolve("\n".join(lines))
            self._ask(accepted=lines)
        elif exact is not None:
            self._resolve("")

    def _ask(self, accepted: list[str] | None = None) -> None:
        """Send a request for the cursor's place, with `accepted` put in when it asks ahead; later if one runs."""
        if self._job is not None and self._cancels and accepted is None:
            self._job.cancel()
            self._job = None
        if self._job is not None:
            if self._retry is not None:
                self._retry.cancel()
            self._retry = asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._ask_again, accepted)
            return
        local = self._texts.local(accepted)
        if len(local.rest) > _MOST_AFTER or self._memory.covers(local.prefix, local.middle, local.suffix):
            return
        half = CHUNK_LINES // 2
        self._ring.drop_similar(self._texts.around(half, half))
        self._asked = self._asked or accepted is None
        self._job = asyncio.create_task(self._run(local, ahead=accepted is not None))
        self._pick_far()

    def _ask_again(self, accepted: list[str] | None) -> None:
        self._retry = None
        self._ask(accepted)
        self._give_up_if_idle()

    async def _run(self, local: Local, *, ahead: bool) -> None:
        predict_ms = infill.AHEAD_MS if ahead else infill.FIRST_MS
        path, body = infill.ask(local, self._ring.chunks, fim=self._fim, predict_ms=predict_ms, seed=self._seed)
        with contextlib.suppress(httpx.HTTPError):
            reply = await self._client.post(path, json=body)
            if reply.status_code == httpx.codes.OK:
                self._memory.put(local.prefix, local.middle, local.suffix, str(reply.json()["content"]))
                if not self._shown:
                    self._try_hint()
        self._job = None
        self._give_up_if_idle()

    def _give_up_if_idle(self) -> None:
        """Answer with nothing when nothing is under way that could still bring something."""
        if self._job is None and self._retry is None:
            self._resolve("")

    def _resolve(self, text: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(text)

    def _pick_far(self) -> None:
        """Take chunks from far above and just below once the cursor has moved far."""
        row = self._texts.row
        if abs(row - self._picked_row) <= _FAR_LINES:
            return
        self._pick(self._texts.around(_SCOPE_LINES, -PREFIX_LINES), evict=False)
        self._pick(self._texts.around(-SUFFIX_LINES, SUFFIX_LINES + CHUNK_LINES), evict=False)
        self._picked_row = row

    def _pick(self, lines: list[str], *, evict: bool) -> None:
        self._ring.pick(lines, self._texts.names[self._texts.file], evict=evict)

    def _tick(self) -> None:
        if self._ticker is None:
            self._ticker = asyncio.create_task(self._keep_advancing())

    async def _keep_advancing(self) -> None:
        while True:
            await asyncio.sleep(_RING_SECONDS)
            if self._inserting and time.monotonic() - self._moved < _STILL_SECONDS:
                continue
            if self._ring.advance():
                path, body = infill.warm_up(self._ring.chunks, fim=self._fim)
                task = asyncio.create_task(self._client.post(path, json=body))
                self._warming.add(task)
                task.add_done_callback(self._warming.discard)

    async def rest(self) -> None:
        """Stop the timers, give up the last key, and close the connections of what still runs."""
        self._stop_timers()
        if self._waiting is not None:
            self._waiting.cancel()
        under_way: set[asyncio.Task[Any]] = self._warming | ({self._job} if self._job else set())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._job = None

    def _stop_timers(self) -> None:
        if self._ticker is not None:
            self._ticker.cancel()
        if self._retry is not None:
            self._retry.cancel()
        self._ticker = self._retry = None

    async def stop(self) -> None:
        """End the server."""
        await self.rest()
        await self._client.aclose()
        await self._server.stop()
