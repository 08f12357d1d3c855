"""Completions before chat: who may compute while both have something to do."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ai_lsp.engine.llama import LlamaContext


class Precedence:
    """Counts what is more urgent than chat. Any thread may call anything.

    A completion also aborts the decode in which a chat is: it is done again, the completion has waited 3 ms.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._urgent = 0
        self._computing: set[LlamaContext] = set()

    def begin(self, *, now: bool) -> None:
        """Take note of something more urgent; `now` aborts what runs, else it may finish its step."""
        with self._changed:
            self._urgent += 1
            if now:
                for context in self._computing:
                    context.abort()

    def end(self) -> None:
        """Take note that what was urgent is done."""
        with self._changed:
            self._urgent -= 1
            self._changed.notify_all()

    def take(self, context: LlamaContext, stopped: Callable[[], bool]) -> bool:
        """Wait until nothing is more urgent; tell whether the context may decode now, False once `stopped`.

        `leave` must follow. A context that cannot take back a step that was aborted is not aborted by others.
        """
        with self._changed:
            self._changed.wait_for(lambda: stopped() or not self._urgent)
            if stopped():
                return False
            context.resume()
            if context.model.rewinds:
                self._computing.add(context)
            return True

    def leave(self, context: LlamaContext) -> None:
        """Take note that the context's decode is over."""
        with self._changed:
            self._computing.discard(context)

    def stop(self, context: LlamaContext | None, mark: Callable[[], None]) -> None:
        """Call `mark`, after which `stopped` is true, and abort the decode that `context` is in."""
        with self._changed:
            mark()
            if context is not None:
                context.abort()
            self._changed.notify_all()
