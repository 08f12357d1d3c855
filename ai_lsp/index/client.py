"""The server's end of the builder's process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ai_lsp import child
from ai_lsp.index import messages, priority, schema
from ai_lsp.index.status import Status

log = logging.getLogger(__name__)

_BACKOFF_SECONDS = (1.0, 5.0, 30.0)
"""How long to wait before the process is started again, by how often it ended by itself since it was ready."""
_ENDING_SECONDS = 2.0
_LONGEST_MESSAGE = 1 << 20
_MOST_WAITING = 8 << 20
"""Bytes of requests that the process has not read; beyond these it is told to look at everything instead."""


class ToJson(Protocol):
    """Settings, as the process is handed them."""

    def to_json(self) -> str:
        """Return them as JSON."""


class IndexBuilder:
    """Starts, feeds and restarts the process that keeps one root's index. Belongs to the event loop."""

    def __init__(
        self,
        root: Path,
        settings: ToJson,
        on_status: Callable[[Status], None],
        *,
        folder: Path | None = None,
        command: Sequence[str] = (sys.executable, "-m", "ai_lsp.index"),
        rests: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`on_status` is called in the loop with whatever the process says; `folder` holds the indexes.

        A process that `rests` ends when all is done, and is started again by `rescan`.
        """
        self._root, self._real = root, root.resolve()
        self._folder = folder or schema.default_folder()
        self._command = (*command, str(root), "--folder", str(self._folder), "--settings", settings.to_json())
        self._on_status = on_status
        self._rests = rests
        self._rescan = asyncio.Event()
        self._sleep = sleep
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._ended_by_itself = 0
        self._status = Status("off")

    @property
    def status(self) -> Status:
        """What was said last."""
        return self._status

    def start(self) -> None:
        """Start the process; it looks at everything first, and says so."""
        if self._task is None:
            self._set(Status("building", "starting"))
            self._task = asyncio.get_running_loop().create_task(self._keep())

    def update(self, paths: Iterable[Path]) -> None:
        """Have files and folders looked at that have come, changed or gone; those outside of the root are not."""
        inside = (path.relative_to(self._root) for path in paths if path.is_relative_to(self._root))
        self._write(messages.encode_paths(str(self._real / path) for path in inside))

    def rescan(self) -> None:
        """Have everything looked at."""
        self._rescan.set()
        self._write(messages.encode_scan())

    async def stop(self) -> None:
        """End the process; what it has done stays."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._set(Status("off"))

    def _write(self, line: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return  # a new process begins with looking at everything
        waiting = process.stdin.transport.get_write_buffer_size()
        if waiting + len(line) <= _MOST_WAITING:
            process.stdin.write(line)
        elif waiting <= _MOST_WAITING:
            process.stdin.write(messages.encode_scan())

    async def _keep(self) -> None:
        """Keep a process running; give up when it ends by itself again and again."""
        while True:
            self._rescan.clear()
            try:
                reason = await self._run()
            except OSError as error:
                reason = str(error)
            if self._rests and self._status.kind in ("ready", "limited"):
                await self._rescan.wait()
                self._set(Status("building", "starting"))
                continue
            if self._ended_by_itself >= len(_BACKOFF_SECONDS):
                self._set(Status("failed", f"the index is not kept: {reason}"))
                return
            seconds = _BACKOFF_SECONDS[self._ended_by_itself]
            self._ended_by_itself += 1
            log.warning("the index of %s: %s; starting again in %g s", self._root, reason, seconds)
            self._set(Status("building", f"{reason}; it is started again"))
            await self._sleep(seconds)

    async def _run(self) -> str:
        """Run one process to its end; returns how it ended."""
        # The folder is ours alone: with -m the current one is the first that Python imports from.
        await asyncio.to_thread(self._folder.mkdir, 0o700, True, True)
        process = await child.start(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=self._folder,
            limit=_LONGEST_MESSAGE,
            creationflags=priority.creation_flags(),
        )
        self._process = process
        try:
            await self._listen(process)
            return f"the builder ended with {await process.wait()}"
        finally:
            self._process = None
            await _end(process)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError):  # a line beyond the limit is none of ours
            while line := await process.stdout.readline():
                status = messages.decode_status(line)
                if status is not None:
                    if status.kind in ("ready", "limited"):
                        self._ended_by_itself = 0
                    self._set(status)

    def _set(self, status: Status) -> None:
        self._status = status
        self._on_status(status)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let a process end by itself, which it does when its input is closed; else kill it."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        try:
            await asyncio.wait_for(process.wait(), _ENDING_SECONDS)
        except (asyncio.TimeoutError, asyncio.CancelledError):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
