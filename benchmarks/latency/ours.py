"""The real server over stdio, asked after every edit as VS Code does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.latency.corpus import File
from benchmarks.latency.ghost import Ghost
from benchmarks.latency.replay import Answer
from benchmarks.latency.serve_ours import LOOP, TRACES
from benchmarks.latency.traces import Event
from tests.e2e.client import INLINE, Client, Document, Reply, place, start

OVERTAKEN = ("the document changed", "superseded by a newer request")
"""Why the server answers a request with nothing as soon as the next key comes, before the cancel is read."""
_RSS_SECONDS = 0.5
_INDEX_SECONDS = 300.0
_QUIET_SECONDS, _QUIET_TRIES = 0.1, 40


class Ours:
    """Drives one server process; sees what an editor sees, and asks for the traces of its answers at rest.

    The server's cache folder is a fresh one, so that nothing is warm from an earlier run; but for the index of the
    workspace, which is built before the typing begins, as it is there on all days but the first.
    """

    def __init__(
        self, model: str, workspace: Path, *, cancels: bool = True, name: str = "ai-lsp", off: Sequence[str] = ()
    ) -> None:
        """`name` is the contestant's; `off` are the sources of context that it does without."""
        self.name = name
        self._model = model
        self._workspace = workspace
        self._cancels = cancels
        self._off = list(off)
        self._files: list[File] = []
        self._open: dict[int, Document] = {}
        self._pending: asyncio.Future[Reply] | None = None
        self._ghost: Ghost | None = None
        self._rss: list[float] = []
        self._untold: dict[tuple[str, int], Answer] = {}
        """The answers whose traces are still to come, by the request's URI and version."""
        self.client: Client

    async def start(self, files: list[File]) -> None:
        """Start the server and wait for the model and the index."""
        self._files = files
        self._folder = tempfile.TemporaryDirectory(prefix="ai-lsp-bench-")
        env = {key: value for key, value in os.environ.items() if not key.startswith("AI_LSP_")}
        env["XDG_CACHE_HOME"] = env["XDG_STATE_HOME"] = self._folder.name
        command = [sys.executable, "-m", "benchmarks.latency.serve_ours"]
        options = {"model": {"name": self._model}, "context": {"off": self._off}}
        self.client = await start(command, env, options=options, root=self._workspace.as_uri())
        await self.client.ready()
        index = await self.client.indexed(self._workspace, _INDEX_SECONDS)
        assert index["kind"] in ("ready", "limited"), index
        self._sampler = asyncio.create_task(self._sample_rss())
        await self.loop_times()

    def leave(self, event: Event) -> None:
        """Nothing happens in an editor before the edit itself comes."""

    async def answer(self, event: Event) -> Answer:
        """Send the edit and the request, and wait for the reply."""
        seen_ms = self._type_through(event)
        document = self._document(event.file)
        self._edit(document, event)
        if self._cancels and self._pending is not None and not self._pending.done():
            self.client.cancel(self._pending)
        request = self._request
        self._pending = self.client.send(INLINE, request)
        reply = await self._pending
        answer = Answer(event.kind, event.file, reply.ms, cancelled=reply.code is not None, seen_ms=seen_ms)
        if not answer.cancelled:
            answer.text = reply.text or ""
            if answer.text and self._request is request:  # no key has come since
                self._ghost = Ghost(event.file, event.offset + len(event.text), answer.text)
            self._untold[request["textDocument"]["uri"], request["textDocument"]["version"]] = answer
        return answer

    def _type_through(self, event: Event) -> float | None:
        """Take an edit as an editor does before the server hears of it; return how long that took, in ms."""
        begin = time.perf_counter()
        if self._ghost is None or not self._ghost.follow(event):
            self._ghost = None
            return None
        return (time.perf_counter() - begin) * 1000

    def _document(self, file: int) -> Document:
        if file not in self._open:
            one = self._files[file]
            self._open[file] = self.client.open(one.text, (self._workspace / one.name).as_uri(), one.language)
        return self._open[file]

    def _edit(self, document: Document, event: Event) -> None:
        """Apply and send an edit; all positions are computed before, so that the request follows at once."""
        old, end = document.text, event.offset + event.removed
        span = {"start": place(old, event.offset), "end": place(old, end)}
        document.text = old[: event.offset] + event.text + old[end:]
        document.version += 1
        identifier = {"uri": document.uri, "version": document.version}
        position = place(document.text, event.offset + len(event.text))
        self._request = {"textDocument": identifier, "position": position, "context": {"triggerKind": 2}}
        change = {"textDocument": identifier, "contentChanges": [{"range": span, "text": event.text}]}
        self.client.notify("textDocument/didChange", change)

    async def rest(self) -> None:
        """Wait until what the server does for later is done, and it uses no CPU any more; then take the traces."""
        used = -9
        for _ in range(_QUIET_TRIES):
            before, used = used, self._cpu_ticks()
            if used - before <= 1:
                break
            await asyncio.sleep(_QUIET_SECONDS)
        await self._take_traces()

    async def _take_traces(self) -> None:
        """Give each answer its trace."""
        answers, self._untold = self._untold, {}
        path = Path(self._folder.name) / "traces.jsonl"
        reply = await self.client.request(TRACES, {"path": str(path)})
        assert reply.code is None, reply.message
        traces = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        by_place = {(trace["uri"], trace["version"]): trace for trace in traces}
        for at, answer in answers.items():
            trace = by_place[at]
            answer.overtaken = not answer.text and trace["reason"] in OVERTAKEN
            answer.trace = {} if answer.overtaken else trace
            answer.asked = not trace["cached"]

    def _cpu_ticks(self) -> int:
        fields = Path(f"/proc/{self.client.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])  # utime and stime, in hundredths of a second

    async def _sample_rss(self) -> None:
        while True:
            self._rss.append(self._rss_mb())
            await asyncio.sleep(_RSS_SECONDS)

    def _rss_mb(self) -> float:
        status = Path(f"/proc/{self.client.process.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

    @property
    def rss_mb(self) -> list[float]:
        """The server's resident memory in MB, each half second since the model was loaded."""
        return self._rss

    async def loop_times(self) -> dict[str, Any]:
        """Return the times of the event loop's callbacks since this was last asked."""
        found: dict[str, Any] = (await self.client.request(LOOP, {})).result
        return found

    async def stop(self) -> None:
        """Shut the server down."""
        self._sampler.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sampler
        await self.client.end()
        self._folder.cleanup()
