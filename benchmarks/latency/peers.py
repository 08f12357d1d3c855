"""Others on the same weights and traces: a plain server, and llama-server driven as llama.vim does.

Each runs in a process of its own, so that its threads are its own, and talks over loopback only.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.latency.corpus import File
from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import Event

_PREFIX_LINES, _SUFFIX_LINES = 256, 64  # llama.vim's n_prefix and n_suffix
_MOST_CHARS = 16_000
"""What surely fits into the peers' context of 8,192 tokens; /completion refuses what does not."""
_START_SECONDS = 60


class Texts:
    """The files as a peer's client holds them."""

    def __init__(self, files: list[File]) -> None:
        self._texts = [file.text for file in files]

    def apply(self, event: Event) -> tuple[str, str]:
        """Apply an edit; return the lines before and after the cursor that llama.vim would send."""
        text = self._texts[event.file]
        end = event.offset + event.removed
        text = self._texts[event.file] = text[: event.offset] + event.text + text[end:]
        cursor = event.offset + len(event.text)
        near = text[max(0, cursor - _MOST_CHARS) : cursor].split("\n")
        before = "\n".join(near[1:][-_PREFIX_LINES:] if len(near) > 1 else near)
        after = "\n".join(text[cursor : cursor + 20_000].split("\n")[:_SUFFIX_LINES])
        return before, after


class Process:
    """A child that serves HTTP on a loopback port of its own; ended by its pid."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "benchmarks.latency.serve_peer", *self._arguments, str(self.port)]
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
        deadline = time.monotonic() + _START_SECONDS
        async with httpx.AsyncClient() as client:
            while time.monotonic() < deadline:
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise SystemExit(f"the peer {self._arguments[0]} did not start")

    async def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


class Peer:
    """One request at a time over HTTP; a newer one waits for, or disconnects, the one that runs."""

    def __init__(self, name: str, kind: str, model: Path, threads: int, *, disconnects: bool) -> None:
        self.name = name
        self._server = Process(kind, str(model), str(threads))
        self._disconnects = disconnects
        self._latest = 0
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[str] | None = None

    async def start(self, files: list[File]) -> None:
        """Start the peer's server."""
        self._texts = Texts(files)
        await self._server.start()
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self._server.port}", timeout=60)

    async def answer(self, event: Event) -> Answer:
        """Ask; what a newer request overtakes while it waits is never asked."""
        begin = time.perf_counter()
        before, _after = self._texts.apply(event)
        self._latest += 1
        number = self._latest
        if self._disconnects and self._running is not None:
            self._running.cancel()
        async with self._turn:
            if number != self._latest:
                return Answer(event.kind, event.file, (time.perf_counter() - begin) * 1000, cancelled=True)
            self._running = asyncio.create_task(self._ask(before))
            try:
                text = await self._running
            except asyncio.CancelledError:
                return Answer(event.kind, event.file, (time.perf_counter() - begin) * 1000, cancelled=True)
        return Answer(event.kind, event.file, (time.perf_counter() - begin) * 1000, text)

    async def _ask(self, before: str) -> str:
        body: dict[str, Any] = {
            "prompt": before,
            "n_predict": 48,
            "stop": ["\n"],
            "temperature": 0.0,
            "cache_prompt": True,
            "t_max_predict_ms": 1000,
        }
        reply = await self._client.post("/completion", json=body)
        reply.raise_for_status()
        return str(json.loads(reply.content).get("content", ""))

    async def stop(self) -> None:
        """End the peer's server."""
        await self._client.aclose()
        await self._server.stop()
