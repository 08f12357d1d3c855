"""Vectors from a GGUF model in this process, on a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ai_lsp.engine import weights
from ai_lsp.engine.binding import llama
from ai_lsp.engine.llama import DecodeAborted, EngineError, LlamaContext, LlamaModel
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.providers.chat import ProviderError
from ai_lsp.ranking.vectors import Passage, Vector, normalised

log = logging.getLogger(__name__)

_TOKENS = 512
"""Of one text; what is longer is cut."""
_BATCH = 4
"""Texts that are asked for at once: what is done when the wait ends is remembered."""
_POOLING = "{}.pooling_type"


@dataclass(eq=False)
class _Job:
    texts: Sequence[str]
    done: Future[list[Vector]] = field(default_factory=Future)


class LocalEmbedder:
    """An `Embedder` that is loaded when first asked, and whose memory is given back when it is idle.

    Completions go first: a text that is being read when one is wanted is read again after it. Models that say
    how they pool do so; of others, such as those that write text, the mean over all tokens is taken.
    """

    def __init__(self, settings: EngineSettings, precedence: Precedence, idle_seconds: float | None) -> None:
        """`idle_seconds` are those without a question after which it is unloaded; None for never."""
        self._settings = settings
        self._precedence = precedence
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._waiting: list[_Job] = []
        self._thread: threading.Thread | None = None
        self._reader: _Reader | None = None
        self._closed = False

    @property
    def title(self) -> str:
        """The model's name."""
        return self._settings.name

    @property
    def batch(self) -> int:
        """How many texts are read before the vectors of all of them are there."""
        return _BATCH

    @property
    def loaded(self) -> bool:
        """Whether its thread runs, which has the model in memory or loads it."""
        return self._thread is not None

    async def allowed(self, passages: Sequence[Passage], _repository: str) -> list[Passage]:
        """Return all of them: nothing leaves the process."""
        return list(passages)

    async def vectors(self, passages: Sequence[Passage], _repository: str) -> list[Vector]:
        """Return the vector of each text. Raises ProviderError."""
        job = _Job([passage.text for passage in passages])
        self._submit(job)
        try:
            return await asyncio.wrap_future(job.done)
        except (EngineError, ImportError, OSError, ValueError) as error:
            raise ProviderError(f"{self.title}: {error}") from error

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

    def _submit(self, job: _Job) -> None:
        with self._changed:
            if self._closed:
                _fail(job, EngineError("the model was closed"))
                return
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ai-lsp embed", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            reader = self._reader = _Reader(self._settings, self._precedence)
        except Exception as error:
            if not isinstance(error, (EngineError, ImportError, OSError)):
                log.exception("loading a model for vectors failed")
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

    def _answer(self, reader: _Reader, job: _Job) -> None:
        def stopped() -> bool:
            return job.done.cancelled() or self._closed

        try:
            found = [reader.vector(text, stopped) for text in job.texts]
        except Exception as error:
            if not isinstance(error, (EngineError, ValueError)):
                log.exception("a vector failed")
            _fail(job, error)
        else:
            with contextlib.suppress(InvalidStateError):  # nobody waits any more
                job.done.set_result(found)


class _Context(LlamaContext):
    """A context that keeps vectors in the place of logits."""

    def _params(self, settings: Any) -> Any:
        params = super()._params(settings)
        ll = llama()
        params.embeddings = True
        params.pooling_type = ll.LLAMA_POOLING_TYPE_UNSPECIFIED
        if not self.model.meta(_POOLING.format(self.model.meta("general.architecture"))):
            params.pooling_type = ll.LLAMA_POOLING_TYPE_MEAN
        return params


class _Reader:
    """Model and context; belongs to one thread."""

    def __init__(self, settings: EngineSettings, precedence: Precedence) -> None:
        """Load the model. Raises EngineError."""
        ll = llama()
        self._precedence = precedence
        self._model = weights.borrow(settings.path, gpu_layers=settings.context.gpu_layers)
        try:
            wanted = replace(settings.context, cells=_TOKENS, sequences=1, batch=_TOKENS, ubatch=0)
            self.context = _Context(self._model, wanted)
            if ll.llama_pooling_type(self.context.pointer) in (
                ll.LLAMA_POOLING_TYPE_NONE,
                ll.LLAMA_POOLING_TYPE_RANK,
            ):
                self.context.close()
                raise EngineError("this model gives no vector of a whole text: choose an embedding model")
        except EngineError:
            weights.give_back(self._model)
            raise
        self._size: int = ll.llama_model_n_embd_out(self._model.pointer)

    def vector(self, text: str, stopped: Callable[[], bool]) -> Vector:
        """Return the vector of a text, once nothing is more urgent.

        Raises EngineError when stopped or the backend fails, ValueError for one without a direction.
        """
        tokens = _tokens(self._model, text or " ", self.context.cells)
        while self._precedence.take(self.context, stopped):
            self.context.remove(0, 0)
            try:
                self.context.decode(tokens, 0, 0, logits=len(tokens))
            except DecodeAborted:
                continue
            finally:
                self._precedence.leave(self.context)
            pointer = llama().llama_get_embeddings_seq(self.context.pointer, 0)
            if not pointer:
                raise EngineError("this model gives no vector of a whole text: choose an embedding model")
            return normalised(np.ctypeslib.as_array(pointer, (self._size,)).copy())
        raise EngineError("stopped")

    def close(self) -> None:
        """Free the context, and the weights unless somebody else has them too."""
        self.context.close()
        weights.give_back(self._model)


def _tokens(model: LlamaModel, text: str, most: int) -> list[int]:
    """Return the tokens of a text, so many at most, between those that the model begins and ends texts with."""
    data = text.encode("utf-8", "replace")
    room = len(data) + 8
    found = (ctypes.c_int32 * room)()
    count: int = llama().llama_tokenize(model.vocab, data, len(data), found, room, True, False)
    tokens = list(found[: max(0, count)])
    if len(tokens) > most:  # what ends a text may be what the vector is taken from
        tokens = [*tokens[: most - 1], tokens[-1]]
    return tokens


def _fail(job: _Job, error: Exception) -> None:
    with contextlib.suppress(InvalidStateError):  # nobody waits any more
        job.done.set_exception(error)
