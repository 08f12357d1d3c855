"""Our real server over stdio, with a repository as its workspace."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.latency.corpus import File
from benchmarks.latency.ours import Ours
from tests.e2e.client import Document, start

_LOOK_SECONDS, _QUIET_LOOKS, _MOST_LOOKS = 0.25, 4, 480


class Rooted(Ours):
    """Drives one server process as `Ours` does; the files are those of the repository at `root`."""

    def __init__(self, name: str, model: str, root: Path, off: Sequence[str]) -> None:
        super().__init__(model)
        self.name = name
        self._root = root
        self._off = list(off)

    async def start(self, files: list[File]) -> None:
        """Start the server; wait for the model and the index."""
        self._files = files
        self._folder = tempfile.TemporaryDirectory(prefix="ai-lsp-bench-")
        env = {key: value for key, value in os.environ.items() if not key.startswith("AI_LSP_")}
        env["XDG_CACHE_HOME"] = env["XDG_STATE_HOME"] = self._folder.name
        options = {"model": {"name": self._model}, "context": {"off": self._off}}
        command = [sys.executable, "-m", "ai_lsp", "serve"]
        self.client = await start(command, env, options=options, root=self._root.as_uri())
        await self.client.ready()
        self._sampler = asyncio.create_task(self._sample_rss())
        await self._indexed()

    async def _indexed(self) -> None:
        """Wait until neither the server nor the processes that it started have used the CPU for a second."""
        used, quiet = -9, 0
        for _ in range(_MOST_LOOKS):
            before, used = used, sum(map(_ticks, _family(self.client.process.pid)))
            quiet = quiet + 1 if used - before <= 1 else 0
            if quiet == _QUIET_LOOKS:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    def _document(self, file: int) -> Document:
        if file not in self._open:
            uri = (self._root / self._files[file].name).as_uri()
            self._open[file] = self.client.open(self._files[file].text, uri, self._files[file].language)
        return self._open[file]


def _family(pid: int) -> list[int]:
    """Return a process and all that it started, directly or not."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _ticks(pid: int) -> int:
    """Return the CPU time of a process in hundredths of a second; 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])
