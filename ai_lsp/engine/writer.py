"""One conversation after another in a context of their own: prefill, then token by token."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ai_lsp.engine.ended import EndedText
from ai_lsp.engine.llama import DecodeAborted, EngineError, LlamaContext
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.sampling import sample
from ai_lsp.engine.threads import ThreadGovernor

STEP = 64
"""Tokens of one prefill step, all of which are lost when a completion comes in between."""
_LEAST_ANSWER = 32
"""Tokens that must be left for an answer, where so many are wanted."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is written."""

    max_tokens: int
    stop: tuple[str, ...] = ()
    temperature: float = 0.0


class Writer:
    """Writes answers; belongs to one thread. What the KV holds of a prompt already is not evaluated again."""

    def __init__(
        self, context: LlamaContext, precedence: Precedence, governor: ThreadGovernor | None = None
    ) -> None:
        self.context = context
        self._precedence = precedence
        self._governor = governor
        self._held: list[int] = []
        self._random = np.random.default_rng()

    def write(
        self, prompt: Sequence[int], manner: Manner, say: Callable[[str], None], stopped: Callable[[], bool]
    ) -> None:
        """Give the answer to `prompt` (tokens, at least one) to `say`, piece by piece.

        Ends early when `stopped`. Raises `EngineError` when the prompt is too long or the backend fails.
        """
        most = self._room(len(prompt), manner.max_tokens)
        text = EndedText(manner.stop)
        try:
            self._prefill(prompt, stopped)
            for _ in range(most):
                token = sample(self.context.logits(), manner.temperature, self._random)
                if self.context.model.ends(token):
                    break
                if piece := text.add(self.context.model.piece(token)):
                    say(piece)
                if text.ended:
                    return
                start = time.perf_counter()
                self._evaluate([token], stopped)
                self._use(self._governor.decoded((time.perf_counter() - start) * 1000) if self._governor else 0)
        except DecodeAborted:
            return
        if rest := text.rest():
            say(rest)

    def _room(self, prompt: int, wanted: int) -> int:
        cells = self.context.cells
        if prompt + min(wanted, _LEAST_ANSWER) > cells:
            raise EngineError(
                f"this takes {prompt} tokens and there is room for {cells} with the answer: select or mention "
                "less, or set `roles.context_tokens` higher"
            )
        return min(wanted, cells - prompt)

    def _prefill(self, prompt: Sequence[int], stopped: Callable[[], bool]) -> None:
        same = 0
        # The last token is always evaluated: its logits are wanted.
        while same < min(len(prompt) - 1, len(self._held)) and prompt[same] == self._held[same]:
            same += 1
        self._keep(same)
        at = len(self._held)
        while at < len(prompt):
            self._use(self._governor.look() if self._governor else 0)
            self._evaluate(prompt[at : at + STEP], stopped)
            at = len(self._held)

    def _keep(self, count: int) -> None:
        """Have the KV hold no more than `count` tokens, none where it cannot be cut."""
        if count < len(self._held):
            if not (self.context.model.rewinds and self.context.remove(0, count)):
                count = 0
                self.context.remove(0, 0)
            del self._held[count:]

    def _evaluate(self, tokens: Sequence[int], stopped: Callable[[], bool]) -> None:
        """Append tokens to the KV, once nothing is more urgent. Raises DecodeAborted when stopped."""
        at = len(self._held)
        while self._precedence.take(self.context, stopped):
            if self._decoded(tokens, at):
                self._held.extend(tokens)
                return
        raise DecodeAborted("stopped")

    def _decoded(self, tokens: Sequence[int], at: int) -> bool:
        """Decode tokens at a position; tell whether that was not aborted."""
        try:
            self.context.decode(tokens, at, 0)
        except DecodeAborted:
            self._discard(at)
            return False
        finally:
            self._precedence.leave(self.context)
        return True

    def _discard(self, at: int) -> None:
        """Take back what an aborted decode may have left: it may have had several physical batches."""
        if not self.context.model.rewinds:
            self._held.clear()
            self.context.remove(0, 0)
        else:
            self.context.remove(0, at)

    def _use(self, threads: int) -> None:
        if threads:
            self.context.set_threads(threads, threads)
