"""The real server over stdio, asked after every edit as VS Code does."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from benchmarks.latency.corpus import File
from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import Event
from tests.e2e.client import Client, Document, Reply, place, start


class Ours:
    """Drives one server process; sees what an editor sees, and asks for the trace of each answer afterwards."""

    name = "ai-lsp"

    def __init__(self, model: str, *, cancels: bool = True) -> None:
        self._model = model
        self._cancels = cancels
        self._files: list[File] = []
        self._open: dict[int, Document] = {}
        self._pending: asyncio.Future[Reply] | None = None
        self.client: Client

    async def start(self, files: list[File]) -> None:
        """Start the server and wait for the model."""
        self._files = files
        env = {key: value for key, value in os.environ.items() if not key.startswith("AI_LSP_")}
        command = [sys.executable, "-m", "ai_lsp", "serve"]
        self.client = await start(command, env, options={"model": {"name": self._model}})
        await self.client.ready()

    async def answer(self, event: Event) -> Answer:
        """Send the edit and the request, and wait for the reply."""
        document = self._open.get(event.file)
        if document is None:
            file = self._files[event.file]
            document = self.client.open(file.text, f"file:///bench/{event.file}/{file.name}", file.language)
            self._open[event.file] = document
        self._edit(document, event)
        if self._cancels and self._pending is not None and not self._pending.done():
            self.client.cancel(self._pending)
        self._pending = self.client.ask(document, event.offset + len(event.text), kind=2)
        reply = await self._pending
        answer = Answer(event.kind, event.file, reply.ms, cancelled=reply.code is not None)
        if not answer.cancelled:
            answer.text = reply.text or ""
            answer.trace = await self.client.why(reply)
        return answer

    def _edit(self, document: Document, event: Event) -> None:
        end = event.offset + event.removed
        span = {"start": place(document.text, event.offset), "end": place(document.text, end)}
        document.text = document.text[: event.offset] + event.text + document.text[end:]
        document.version += 1
        identifier = {"uri": document.uri, "version": document.version}
        change = {"textDocument": identifier, "contentChanges": [{"range": span, "text": event.text}]}
        self.client.notify("textDocument/didChange", change)

    def rss_mb(self) -> float:
        """Return the server's resident memory in MB."""
        status = Path(f"/proc/{self.client.process.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

    async def loop_delay_ms(self, times: int = 50) -> list[float]:
        """Return how long the server takes to answer a trivial request, as a measure of its event loop."""
        delays = []
        for _ in range(times):
            begin = time.perf_counter()
            await self.client.command("ai-lsp.status")
            delays.append((time.perf_counter() - begin) * 1000)
        return delays

    async def stop(self) -> None:
        """Shut the server down."""
        await self.client.end()
