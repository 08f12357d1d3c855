"""Work that the client can watch and cancel: one progress bar, with the latest of the model's words in it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ai_lsp.wishes import CLIENT_SECONDS

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

_BETWEEN_SECONDS = 0.1
"""Between two reports: more of them nobody can read."""
_TAIL_CHARS = 80
_numbers = itertools.count(1)


class Work:
    """A progress bar as an async context manager; cancelling it cancels the task that entered it."""

    def __init__(
        self,
        server: LanguageServer,
        title: str,
        *,
        shown: bool,
        token: types.ProgressToken | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`token` is the client's own, which needs no asking; `shown` says whether it shows any other."""
        self._server = server
        self._title = title
        self._clock = clock
        self._token = token
        self._asks = token is None and shown
        self._begun = self._ended = False
        self._told = float("-inf")
        self._text = ""
        self._beginning: asyncio.Task[None] | None = None
        self._task: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> Work:
        """Begin, without waiting for the client."""
        self._task = asyncio.current_task()
        if self._token is not None:
            self._begin(self._token)
        elif self._asks:
            self._beginning = asyncio.create_task(self._ask(f"ai-lsp-action-{next(_numbers)}"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the bar, whatever happened."""
        self._ended = True
        if self._begun and self._token is not None:
            message = "cancelled" if kind is asyncio.CancelledError else "failed" if kind else "done"
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd(message=message))
            self._server.work_done_progress.tokens.pop(self._token, None)

    def add(self, piece: str) -> None:
        """Take a piece of the model's answer; the end of it is shown now and then."""
        self._text = (self._text + piece)[-2 * _TAIL_CHARS :]
        self._report()

    def _report(self) -> None:
        """Show the end of what there is, unless that was done just now."""
        now, tail = self._clock(), " ".join(self._text.split())[-_TAIL_CHARS:]
        if tail and self._begun and self._token is not None and now - self._told >= _BETWEEN_SECONDS:
            self._told = now
            self._server.work_done_progress.report(self._token, types.WorkDoneProgressReport(message=tail))

    async def _ask(self, token: str) -> None:
        try:
            await asyncio.wait_for(self._server.work_done_progress.create_async(token), CLIENT_SECONDS)
        except Exception as error:
            log.info("the client does not show progress: %r", error)
            return
        if self._ended:
            self._server.work_done_progress.tokens.pop(token, None)
            return
        self._token = token
        self._begin(token)

    def _begin(self, token: types.ProgressToken) -> None:
        progress = self._server.work_done_progress
        progress.begin(token, types.WorkDoneProgressBegin(title=f"ai-lsp: {self._title}", cancellable=True))
        self._begun = True
        self._report()
        progress.tokens[token].add_done_callback(self._cancelled)

    def _cancelled(self, future: Future[Any]) -> None:
        if future.cancelled() and self._task is not None and not self._ended:
            self._task.cancel()


async def apart(work: Awaitable[Any], when_cancelled: Callable[[Callable[[], Any]], None]) -> Any:
    """Return what `work` returns, None once it is cancelled: by the client's request, or by its progress bar.

    A command's handler must never be cancelled itself: pygls would leave its request unanswered.
    """
    task = asyncio.ensure_future(work)
    when_cancelled(task.cancel)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:  # the server is leaving
        task.cancel()
        raise
    return None if task.cancelled() else task.result()
