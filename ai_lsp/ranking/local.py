"""Vectors and scores from GGUF models in this process, on threads of their own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from ai_lsp import timeslice
from ai_lsp.engine.llama import EngineError
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.providers.chat import ProviderError
from ai_lsp.ranking.reader import Reader, Stopped
from ai_lsp.ranking.vectors import Passage, Vector

log = logging.getLogger(__name__)

T = TypeVar("T")
_BATCH = 4
"""Texts that are asked for at once: what is done when the wait ends is remembered."""


@dataclass(eq=False)
class _Job:
    work: Callable[[Reader, Stopped], Any]
    done: Future[Any] = field(default_factory=Future)


class _Local:
    """A model that is loaded when first asked, and whose memory is given back when it is idle.

    Nothing leaves the process, so that no permission is asked for.
    """

    def __init__(self, settings: EngineSettings, precedence: Precedence, idle_seconds: float | None) -> None:
        """`idle_seconds` are those without a question after which it is unloaded; None for never."""
        self._settings = settings
        self._precedence = precedence
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._waiting: list[_Job] = []
        self._thread: threading.Thread | None = None
        self._reader: Reader | None = None
        self._closed = False

    @property
    def title(self) -> str:
        """The model's name."""
        return self._settings.name

    @property
    def loaded(self) -> bool:
        """Whether its thread runs, which has the model in memory or loads it."""
        return self._thread is not None

    async def allowed(self, passages: Sequence[Passage], _repository: str) -> list[Passage]:
        """Return all of them."""
        return list(passages)

    def retire(self) -> None:
        """Give the memory back as soon as nothing is asked; whoever still asks gets an answer."""
        with self._changed:
            self._idle_seconds = 0
            self._changed.notify_all()

    def close(self, timeout: float = 10.0) -> None:
        """Free the memory, once what runs has stopped; may take a moment, so not on the event loop."""
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, []
            thread, reader = self._thread, self._reader
            self._changed.notify_all()
        for job in left:
            _fail(job, EngineError("the model was closed"))
        if reader is not None:
            self._precedence.stop(reader.context, lambda: None)
        if thread is not None:
            thread.join(timeout)

    async def _done(self, work: Callable[[Reader, Stopped], T]) -> T:
        """Return what `work` returns on the model's thread. Raises ProviderError."""
        job = _Job(work)
        self._submit(job)
        try:
            return cast("T", await asyncio.wrap_future(job.done))
        except (EngineError, ImportError, OSError, ValueError) as error:
            raise ProviderError(f"{self.title}: {error}") from error

    def _submit(self, job: _Job) -> None:
        with self._changed:
            if self._closed:
                _fail(job, EngineError("the model was closed"))
                return
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ai-lsp ranking", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        timeslice.ask(timeslice.LONG)
        try:
            reader = self._reader = Reader(self._settings, self._precedence)
        except Exception as error:
            if not isinstance(error, (EngineError, ImportError, OSError)):
                log.exception("loading a model that compares texts failed")
            self._give_up(error)
            return
        while (job := self._next()) is not None:
            self._answer(reader, job)
        reader.close()

    def _give_up(self, error: Exception) -> None:
        with self._changed:
            left, self._waiting, self._thread = self._waiting, [], None
        for job in left:
            _fail(job, error)

    def _next(self) -> _Job | None:
        """Wait for a job; None when it is time to go, after which another thread may begin."""
        with self._changed:
            while not (self._waiting or self._closed) and self._changed.wait(self._idle_seconds):
                pass  # somebody asks, or the limit is another one
            if self._closed or not self._waiting:
                self._thread = self._reader = None
                return None
            return self._waiting.pop(0)

    def _answer(self, reader: Reader, job: _Job) -> None:
        def stopped() -> bool:
            return job.done.cancelled() or self._closed

        try:
            found = job.work(reader, stopped)
        except Exception as error:
            if not isinstance(error, (EngineError, ValueError)):
                log.exception("comparing texts failed")
            _fail(job, error)
        else:
            with contextlib.suppress(InvalidStateError):  # nobody waits any more
                job.done.set_result(found)


class LocalEmbedder(_Local):
    """An `Embedder` in this process."""

    @property
    def batch(self) -> int:
        """How many texts are read before the vectors of all of them are there."""
        return _BATCH

    async def vectors(self, passages: Sequence[Passage], _repository: str) -> list[Vector]:
        """Return the vector of each text. Raises ProviderError."""
        return await self._done(lambda reader, stopped: [reader.vector(one.text, stopped) for one in passages])


class LocalReranker(_Local):
    """A `Reranker` in this process."""

    async def scores(self, query: Passage, passages: Sequence[Passage], _repository: str) -> dict[int, float]:
        """Return the score of each passage. Raises ProviderError."""

        def work(reader: Reader, stopped: Stopped) -> dict[int, float]:
            return {at: reader.score(query.text, one.text, stopped) for at, one in enumerate(passages)}

        return await self._done(work)


def _fail(job: _Job, error: Exception) -> None:
    with contextlib.suppress(InvalidStateError):  # nobody waits any more
        job.done.set_exception(error)
