"""A thread that answers in conversations, with a context that comes and goes."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ai_lsp import timeslice
from ai_lsp.engine import weights
from ai_lsp.engine.llama import ContextSettings, EngineError, LlamaContext, LlamaModel
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.threads import ThreadGovernor
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.engine.writer import STEP, Manner, Writer

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Talk:
    """One answer that is wanted; `say` gets its pieces and `end` is called once, on the talker's thread."""

    prompt: Callable[[LlamaModel], Sequence[int]]
    """Returns the tokens; raises EngineError with what is wrong."""
    manner: Manner
    say: Callable[[str], None]
    end: Callable[[str], None]
    """Gets what went wrong, for people; empty when nothing did."""
    stopped: bool = False


class Talker:
    """Answers one talk after another. Any thread may call anything.

    Model and context are there from the first talk until nobody has asked for `idle_seconds`. The weights are
    shared with whoever else has the same file in memory.
    """

    def __init__(
        self, settings: EngineSettings, cells: int, precedence: Precedence, idle_seconds: float | None = None
    ) -> None:
        """`cells` are the tokens that prompt and answer may have together; without `idle_seconds` it stays."""
        self._settings = settings
        self._cells = cells
        self._precedence = precedence
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._waiting: list[Talk] = []
        self._running: Talk | None = None
        self._context: LlamaContext | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._context is not None

    def submit(self, talk: Talk) -> None:
        """Queue a talk; returns at once."""
        with self._changed:
            if not self._closed:
                self._waiting.append(talk)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="ai-lsp chat", daemon=True)
                    self._thread.start()
                self._changed.notify_all()
                return
        talk.end("the model was closed")

    def stop(self, talk: Talk) -> None:
        """Stop a talk wherever it is, also within a decode."""
        with self._changed:
            waited = talk in self._waiting
            if waited:
                self._waiting.remove(talk)
            context = self._context if talk is self._running else None
        if waited:
            talk.end("")

        def mark() -> None:
            talk.stopped = True

        self._precedence.stop(context, mark)

    def limit(self, idle_seconds: float | None) -> None:
        """Set how long nobody may ask before the memory is given back, also for the wait that runs."""
        with self._changed:
            self._idle_seconds = idle_seconds
            self._changed.notify_all()

    def close(self, timeout: float = 10.0) -> None:
        """End everything, free the memory and wait for the thread, `timeout` seconds at most."""
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, []
            running, thread = self._running, self._thread
            self._changed.notify_all()
        for talk in left:
            talk.end("the model was closed")
        if running is not None:
            self.stop(running)
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    def _run(self) -> None:
        timeslice.ask(timeslice.LONG)
        try:
            writer = self._load()
        except Exception as error:
            if not isinstance(error, (EngineError, ImportError, OSError)):
                log.exception("loading a chat model failed")
            self._fail(str(error))
            return
        while (talk := self._next()) is not None:
            self._answer(writer, talk)
        writer.context.close()
        weights.give_back(writer.context.model)

    def _fail(self, message: str) -> None:
        with self._changed:
            left, self._waiting = self._waiting, []
            self._thread = None
        for talk in left:
            talk.end(message)

    def _next(self) -> Talk | None:
        """Wait for a talk; None when it is time to go, after which another thread may begin."""
        with self._changed:
            self._running = None
            while not (self._waiting or self._closed) and self._changed.wait(self._idle_seconds):
                pass  # somebody asks, or the limit is another one
            if self._closed or not self._waiting:
                self._thread = self._context = None
                return None
            self._running = self._waiting.pop(0)
            return self._running

    def _answer(self, writer: Writer, talk: Talk) -> None:
        problem = ""
        try:
            prompt = talk.prompt(writer.context.model)
            writer.write(prompt, talk.manner, talk.say, lambda: talk.stopped)
        except EngineError as error:
            problem = str(error)
        except Exception as error:
            log.exception("an answer failed")
            problem = f"{type(error).__name__}: {error}"
        talk.end(problem)

    def _load(self) -> Writer:
        settings = self._settings
        model = weights.borrow(settings.path, gpu_layers=settings.context.gpu_layers)
        try:
            context = LlamaContext(model, self._context_settings(settings.context))
        except EngineError:
            weights.give_back(model)
            raise
        with self._changed:
            self._context = context
        threads = context.settings.threads
        adaptive = settings.adaptive_threads and threads > 1
        governor = ThreadGovernor(threads, os.cpu_count() or 1) if adaptive else None
        return Writer(context, self._precedence, governor)

    def _context_settings(self, settings: ContextSettings) -> ContextSettings:
        return replace(settings, cells=self._cells, sequences=1, batch=STEP, ubatch=0)
