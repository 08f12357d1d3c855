"""A GGUF model that reads whole texts: their vectors, or how much one has to do with another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ai_lsp.engine import weights
from ai_lsp.engine.binding import llama
from ai_lsp.engine.llama import DecodeAborted, EngineError, LlamaContext
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.ranking.vectors import Vector, normalised

TOKENS = 1024
"""Of one text, or of two that are compared; what is longer is cut."""
_POOLING = "{}.pooling_type"
Stopped = Callable[[], bool]


class Reader:
    """Model and context; belongs to one thread. Completions go first: a text that was being read is read again."""

    def __init__(self, settings: EngineSettings, precedence: Precedence) -> None:
        """Load the model. Raises EngineError."""
        self._precedence = precedence
        self._model = weights.borrow(settings.path, gpu_layers=settings.context.gpu_layers)
        try:
            wanted = replace(settings.context, cells=TOKENS, sequences=1, batch=TOKENS, ubatch=0)
            self.context = _Context(self._model, wanted)
        except EngineError:
            weights.give_back(self._model)
            raise
        ll = llama()
        self._pooling: int = ll.llama_pooling_type(self.context.pointer)
        self._size: int = ll.llama_model_n_embd_out(self._model.pointer)

    def vector(self, text: str, stopped: Stopped) -> Vector:
        """Return the vector of a text, once nothing is more urgent.

        Raises EngineError when stopped, for a model that has none and when the backend fails, ValueError for one
        without a direction.
        """
        ll = llama()
        if self._pooling in (ll.LLAMA_POOLING_TYPE_NONE, ll.LLAMA_POOLING_TYPE_RANK):
            raise EngineError("this model gives no vector of a whole text: choose an embedding model")
        tokens = _cut(self._model.tokenize(text or " ", ends=True), self.context.cells)
        return normalised(self._read(tokens, self._size, stopped))

    def score(self, query: str, text: str, stopped: Stopped) -> float:
        """Return how much a text has to do with a question; more is better. Raises EngineError, as `vector`."""
        if self._pooling != llama().LLAMA_POOLING_TYPE_RANK:
            raise EngineError("this model does not compare texts: choose a reranker")
        return float(self._read(self._pair(query, text), 1, stopped)[0])

    def close(self) -> None:
        """Free the context, and the weights unless somebody else has them too."""
        self.context.close()
        weights.give_back(self._model)

    def _read(self, tokens: Sequence[int], size: int, stopped: Stopped) -> npt.NDArray[np.float32]:
        """Return the first numbers of what the model makes of all the tokens."""
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
                raise EngineError("this model says nothing of a whole text")
            numbers: npt.NDArray[np.float32] = np.ctypeslib.as_array(pointer, (size,)).copy()
            return numbers
        raise EngineError("stopped")

    def _pair(self, query: str, text: str) -> list[int]:
        """Return the tokens of a question and a text as rerankers read them, in the order of llama-server."""
        ll, model, half = llama(), self._model, self.context.cells // 2
        template: bytes | None = ll.llama_model_chat_template(model.pointer, b"rerank")
        if template:
            written = template.decode("utf-8", "replace").replace("{query}", query).replace("{document}", text)
            return _cut(model.tokenize(written, special=True), self.context.cells)
        separator, last = ll.llama_vocab_sep(model.vocab), ll.llama_vocab_eos(model.vocab)
        begin = [ll.llama_vocab_bos(model.vocab)] if ll.llama_vocab_get_add_bos(model.vocab) else []
        end = [last if last >= 0 else separator] if ll.llama_vocab_get_add_eos(model.vocab) else []
        between = [*end, *([separator] if ll.llama_vocab_get_add_sep(model.vocab) else [])]
        asked = model.tokenize(query)[: half - 4]
        room = self.context.cells - len(asked) - len(begin) - len(between) - len(end)
        return [*begin, *asked, *between, *model.tokenize(text)[:room], *end]


class _Context(LlamaContext):
    """A context that keeps vectors in the place of logits.

    Models that say how they pool do so; of others, such as those that write text, it is the mean over all tokens.
    """

    def _params(self, settings: Any) -> Any:
        params = super()._params(settings)
        ll = llama()
        params.embeddings = True
        params.pooling_type = ll.LLAMA_POOLING_TYPE_UNSPECIFIED
        if not self.model.meta(_POOLING.format(self.model.meta("general.architecture"))):
            params.pooling_type = ll.LLAMA_POOLING_TYPE_MEAN
        return params


def _cut(tokens: list[int], most: int) -> list[int]:
    """Return so many tokens at most; what ends a text may be what is told of it, and stays."""
    return tokens if len(tokens) <= most else [*tokens[: most - 1], tokens[-1]]
