"""What the editor is told about engine and indexes: `didChangeStatus`, progress, a message on failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ai_lsp.engine.worker import EngineState
from ai_lsp.index.status import Status as IndexStatus
from ai_lsp.wishes import CLIENT_SECONDS

if TYPE_CHECKING:
    from ai_lsp.server import Server

log = logging.getLogger(__name__)

DID_CHANGE_STATUS = "didChangeStatus"
_WARNS_OF_UNKNOWN = ("emacs", "eglot")
"""Clients that show a warning for a notification they do not know."""


class _Bar:
    """One progress bar in the editor, where it shows any."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        self._token: str | None = None
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, title: str, share: float) -> None:
        """Show how much is done, 0 to 1; `title` names a new bar."""
        progress = self._server.work_done_progress
        if self._token is None:
            window = self._server.client_capabilities.window
            if window and window.work_done_progress:
                self._count += 1
                self._token = f"ai-lsp-{self._name}-{self._count}"
                self._run(self._begin(self._token, title))
        elif self._token in progress.tokens:
            progress.report(self._token, types.WorkDoneProgressReport(percentage=int(share * 100)))

    def end(self, message: str) -> None:
        """Take the bar away, if there is one."""
        token, self._token = self._token, None
        if token is not None and token in self._server.work_done_progress.tokens:
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd(message=message))

    async def _begin(self, token: str, title: str) -> None:
        progress = self._server.work_done_progress
        try:
            await asyncio.wait_for(progress.create_async(token), CLIENT_SECONDS)
        except Exception as error:
            log.info("the client does not show progress: %r", error)
            return
        if token == self._token:
            progress.begin(token, types.WorkDoneProgressBegin(title=f"ai-lsp: {title}", percentage=0))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Status:
    """Tells the client what changes. Runs on the event loop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loading = _Bar(server, "load")
        self._indexing: dict[Path, _Bar] = {}
        self._told: set[str] = set()
        self._latest: dict[str, Any] = {}
        self._troubled = False
        """Whether a provider does not answer as it should."""

    def engine(self, state: EngineState) -> None:
        """Pass on a new state of the engine."""
        self._news(state)
        if state.kind == "loading":
            self._loading.show(state.message, state.share)
        else:
            self._loading.end(state.message)
        if state.kind == "failed":
            self._tell(types.MessageType.Error, state.message)

    def configured(self, enabled: bool, state: EngineState) -> None:
        """Pass on that the options were read again, so that what the client shows of them is true."""
        if enabled:
            self._news(state)
        else:
            self.notify("Normal", "suggestions are off")

    def relayed(self, problem: str) -> None:
        """Pass on why the local model answers instead of a provider's; an empty text when that is over."""
        self._trouble(f"{problem}; the local model answers" if problem else "")

    def ranked(self, problem: str) -> None:
        """Pass on why what was found is in the order of the index; an empty text when that is over."""
        self._trouble(f"{problem}; the order of the index is used" if problem else "")

    def _trouble(self, problem: str) -> None:
        if problem:
            self._troubled = True
            self.notify("Warning", problem)
        elif self._troubled:
            self._troubled = False
            self._news(self._server.host.state)

    def index(self, root: Path, status: IndexStatus) -> None:
        """Pass on a new state of a folder's index: progress, and once what people should know."""
        bar = self._indexing.setdefault(root, _Bar(self._server, f"index-{len(self._indexing)}"))
        if status.kind == "building" and status.total:
            bar.show(f"indexing {root.name}", status.done / status.total)
        elif status.kind != "building":
            bar.end(f"{status.files} files")
        log.info("index of %s: %s", root, status)
        if status.kind in ("limited", "failed") and status.message:
            self._tell(types.MessageType.Warning, f"{root.name}: {status.message}")

    def licences(self, root: Path, status: IndexStatus) -> None:
        """Pass on a new state of a folder's licence index: only what people should know."""
        log.info("licence index of %s: %s", root, status)
        if status.kind in ("limited", "failed") and status.message:
            self._tell(types.MessageType.Warning, f"{root.name}: licence index: {status.message}")

    def notify(self, kind: str, message: str, *, busy: bool = False) -> None:
        """Send `didChangeStatus`, to clients that can bear it, where it says something new."""
        params = {"busy": busy, "kind": kind, "message": message}
        if self._wanted() and params != self._latest:
            self._latest = params
            self._server.protocol.notify(DID_CHANGE_STATUS, params)

    def _news(self, state: EngineState) -> None:
        kind, busy = {"loading": ("Normal", True), "failed": ("Error", False)}.get(state.kind, ("Normal", False))
        self.notify(kind, state.message, busy=busy)

    def _wanted(self) -> bool:
        notify = self._server.options.status.notify
        client = self._server.client.name.lower()
        return notify == "always" or (notify == "auto" and not client.startswith(_WARNS_OF_UNKNOWN))

    def _tell(self, kind: types.MessageType, message: str) -> None:
        """Show a message, once."""
        if message not in self._told:
            self._told.add(message)
            self._server.window_show_message(types.ShowMessageParams(kind, f"ai-lsp: {message}"))


def report(server: Server) -> dict[str, Any]:
    """Return the state of a server as JSON, for the command `ai-lsp.status`."""
    state = server.host.state
    return {
        "engine": state.kind,
        "message": state.message,
        "model": server.roles.completes().name,
        "roles": dict(server.roles.table.models),
        "enabled": server.options.enabled,
        "origins": dict(server.configuration.origins),
        "problems": [problem.message for problem in server.configuration.problems],
        "filters": {name: asdict(tally) for name, tally in server.typist.pipeline.settings.lately().items()},
        "index": {str(root): asdict(state) for root, state in server.knowledge.index_status().items()},
        "licences": {str(root): asdict(state) for root, state in server.licences.status().items()},
    }
