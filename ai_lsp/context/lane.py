"""The one thread in which the sources compute, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from ai_lsp import timeslice

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """Runs functions in their turn.

    Sources that compute at the same time gain nothing, as there is one interpreter, and lose what each change from
    one to another takes: the best of them answers as late as the last one.
    """

    def __init__(self) -> None:
        self._worker = _thread()

    async def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what the function returns, once those before it are done.

        What the event loop has to do already goes first: it would be held up side by side with this.
        """
        await asyncio.sleep(0)
        return await asyncio.get_running_loop().run_in_executor(
            self._worker, lambda: function(*arguments, **named)
        )

    def leave(self) -> None:
        """Give the turn that takes for ever, as on a dead network drive, a thread of its own."""
        self._worker.shutdown(wait=False)
        self._worker = _thread()


def _thread() -> ThreadPoolExecutor:
    return timeslice.pool(1, "ai-lsp-context")
