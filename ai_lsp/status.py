"""What the editor is told about the engine: `didChangeStatus`, progress while loading, a message on failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ai_lsp.engine.worker import EngineState

if TYPE_CHECKING:
    from ai_lsp.server import Server

log = logging.getLogger(__name__)

DID_CHANGE_STATUS = "didChangeStatus"
CLIENT_SECONDS = 2.0
"""How long the server waits for a client's answer to a request of its own; some clients never answer."""

_WARNS_OF_UNKNOWN = ("emacs", "eglot")
"""Clients that show a warning for a notification they do not know."""


class Status:
    """Tells the client about changes of the engine's state. Runs on the event loop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._token: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._told = ""

    def engine(self, state: EngineState) -> None:
        """Pass on a new state of the engine."""
        kind, busy = {"loading": ("Normal", True), "failed": ("Error", False)}.get(state.kind, ("Normal", False))
        self.notify(kind, state.message, busy=busy)
        if state.kind == "loading":
            self._loading(state)
        else:
            self._end_progress(state.message)
        if state.kind == "failed":
            self._fail(state.message)

    def notify(self, kind: str, message: str, *, busy: bool = False) -> None:
        """Send `didChangeStatus`, to clients that can bear it."""
        if self._wanted():
            params = {"busy": busy, "kind": kind, "message": message}
            self._server.protocol.notify(DID_CHANGE_STATUS, params)

    def _wanted(self) -> bool:
        notify = self._server.options.status.notify
        client = self._server.client_name.lower()
        return notify == "always" or (notify == "auto" and not client.startswith(_WARNS_OF_UNKNOWN))

    def _fail(self, message: str) -> None:
        if message != self._told:
            self._told = message
            params = types.ShowMessageParams(types.MessageType.Error, f"ai-lsp: {message}")
            self._server.window_show_message(params)

    def _loading(self, state: EngineState) -> None:
        if self._token is None:
            if self._server.can_show_progress:
                self._token = f"ai-lsp-load-{id(state)}"
                self._run(self._begin_progress(self._token, state.message))
        elif self._token in self._server.work_done_progress.tokens:
            report = types.WorkDoneProgressReport(percentage=int(state.share * 100))
            self._server.work_done_progress.report(self._token, report)

    async def _begin_progress(self, token: str, title: str) -> None:
        progress = self._server.work_done_progress
        try:
            await asyncio.wait_for(progress.create_async(token), CLIENT_SECONDS)
        except Exception as error:
            log.info("the client does not show progress: %r", error)
            return
        if token == self._token:
            progress.begin(token, types.WorkDoneProgressBegin(title=f"ai-lsp: {title}", percentage=0))

    def _end_progress(self, message: str) -> None:
        token, self._token = self._token, None
        if token is not None and token in self._server.work_done_progress.tokens:
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd(message=message))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
