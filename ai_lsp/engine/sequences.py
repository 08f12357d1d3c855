"""Which tokens each KV sequence holds, and which sequence serves a prompt best."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ai_lsp.engine.llama import LlamaContext, Logits, Tokens
from ai_lsp.engine.shelf import Shelf, shared

_WORTH_KEEPING = 48
"""A prompt that shares fewer tokens with a sequence takes another one, so that this one stays warm."""

_WORTH_SAVING = 256
"""Tokens that are saved before another prompt that only begins alike takes their place."""

_WORTH_READING = 64
"""Tokens that the shelf must have more than any sequence: changing places costs as much as a dozen of them."""

_LOGITS_KEPT = 24
"""Positions of a sequence whose logits are remembered, n_vocab floats each: 200 KB with the default model."""

_LOGITS_LEFT = 4
"""How many of them where another sequence is used since."""


@dataclass(eq=False)
class KVSequence:
    """One sequence of the context: the tokens that are in its KV cells now."""

    id: int
    tokens: Tokens = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    used: int = 0
    logits: dict[int, Logits] = field(default_factory=dict)
    """Logits after the first so many tokens, for some positions near the end."""
    branch: int = 0
    """Where the generation that runs now begins."""
    window: tuple[str, str] | None = None
    """See `PromptChoice.window`."""
    passing: bool = False
    """Whether it is of a document that was only looked at, which is not worth the disk."""

    def holds(self, position: int, token: int) -> bool:
        """Whether `token` stands at `position`."""
        return position < len(self.tokens) and int(self.tokens[position]) == token

    def learn(self, position: int, logits: Logits) -> None:
        """Remember the logits after `position` tokens.

        The next prompt most likely branches off early in what is decoded now, so what lies before `branch` goes
        first, and then the latest, which decoding has left behind.
        """
        self.forget_logits(_LOGITS_KEPT - 1)
        self.logits[position] = logits

    def forget_logits(self, left: int) -> None:
        """Keep those of so many positions at the most."""
        while len(self.logits) > left:
            oldest = min(self.logits)
            del self.logits[oldest if oldest < self.branch else max(self.logits)]


class Sequences:
    """The sequences of one context; the least recently used one goes first, to the `shelf` where there is one.

    With more than one, the last is for short prompts made in a hurry, so that they push nothing out.
    """

    def __init__(self, context: LlamaContext, shelf: Shelf | None = None) -> None:
        self._context = context
        self._shelf = shelf
        self._clock = itertools.count(1)
        every = [KVSequence(i) for i in range(context.sequences)]
        self._scratch = every[-1]
        self._lasting = every[:-1] or every
        self.shelf_ms = 0.0
        """Milliseconds spent so far on bringing prompts to the shelf and back."""

    def choose(self, tokens: Tokens, *, scratch: bool = False) -> tuple[KVSequence, int]:
        """Return the sequence to use for `tokens` and how many of them it already holds."""
        if scratch:
            return self._scratch, shared(self._scratch.tokens, tokens)
        best = max(self._lasting, key=lambda one: (shared(one.tokens, tokens), one.used))
        reused = shared(best.tokens, tokens)
        oldest = min(self._lasting, key=lambda one: one.used)
        if self._from_shelf(oldest, tokens, reused + _WORTH_READING) or reused < min(
            _WORTH_KEEPING, len(tokens) // 2
        ):
            best = oldest
        return best, shared(best.tokens, tokens)

    def _from_shelf(self, sequence: KVSequence, tokens: Tokens, least: int) -> bool:
        """Bring a prompt that shares `least` tokens or more with `tokens` back into `sequence`."""
        if self._shelf is None or least > len(tokens) or (saved := self._shelf.find(tokens, least)) is None:
            return False
        self._shelf.touch(saved)
        self._put_away(sequence)
        if (saved := self._shelf.find(tokens, least)) is None:  # it made room for what was put away all the same
            return False
        start = time.perf_counter()
        sequence.tokens, sequence.logits = self._shelf.take(saved, sequence.id), {}
        sequence.window = saved.window
        self.shelf_ms += (time.perf_counter() - start) * 1000
        return len(sequence.tokens) > 0

    def _put_away(self, sequence: KVSequence) -> None:
        """Save a prompt that is about to be lost, if somebody typed there, who may come back."""
        if self._shelf is not None and not sequence.passing and sequence is not self._scratch:
            start = time.perf_counter()
            self._shelf.put(sequence.id, sequence.tokens, sequence.window)
            self.shelf_ms += (time.perf_counter() - start) * 1000

    def put_all_away(self) -> None:
        """Save what may be wanted the next time: the context is about to go."""
        for sequence in self._lasting:
            self._put_away(sequence)

    def touch(self, sequence: KVSequence) -> None:
        """Mark `sequence` as used now."""
        sequence.used = next(self._clock)
        for other in {*self._lasting, self._scratch} - {sequence}:
            other.forget_logits(_LOGITS_LEFT)

    def keep(self, sequence: KVSequence, count: int) -> int:
        """Forget all but the first `count` tokens; return how many are left (none where memory cannot rewind)."""
        if count < _WORTH_KEEPING or len(sequence.tokens) - count > _WORTH_SAVING:
            self._put_away(sequence)
        if count < len(sequence.tokens) and not self._context.remove(sequence.id, count):
            self._context.remove(sequence.id, 0)
            count = 0
        sequence.tokens = sequence.tokens[:count]
        sequence.logits = {position: row for position, row in sequence.logits.items() if position <= count}
        return len(sequence.tokens)

    def evaluate(self, sequence: KVSequence, tokens: Sequence[int] | Tokens, *, logits: int = 0) -> None:
        """Decode `tokens` at the end of `sequence` and remember them, with the `logits` of the last so many.

        See `LlamaContext.decode` for errors.
        """
        self._context.decode(tokens, len(sequence.tokens), sequence.id, logits=logits)
        sequence.tokens = np.concatenate([sequence.tokens, np.asarray(tokens, dtype=np.int32)])
        for back in range(logits, 0, -1):
            row = self._context.logits(len(tokens) - back)
            sequence.learn(len(sequence.tokens) - back + 1, row.copy())
