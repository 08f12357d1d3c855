"""Prefill what the KV lacks, spell the forced tail, then decode greedily until something says stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from ai_lsp.engine import healing
from ai_lsp.engine.encoding import SPARE_CELLS, Encoded, Encoder, Short
from ai_lsp.engine.generation import Counts, Generation, StopAt
from ai_lsp.engine.llama import DecodeAborted, LlamaContext, LlamaModel, Tokens
from ai_lsp.engine.prompt import PromptChoice
from ai_lsp.engine.sequences import KVSequence, Sequences
from ai_lsp.engine.shelf import Shelf
from ai_lsp.engine.speed import Speed
from ai_lsp.engine.threads import ThreadGovernor
from ai_lsp.engine.vocabulary import Vocabulary

_STEP_MS, _LEAST_STEP, _MOST_STEP = 120, 16, 128
"""How long a prefill step should take, and the bounds of its tokens; an abort inside a step loses the step."""
_LEAST_PROMPT = 128
"""Tokens below which a shortened prompt gives text that nobody wants."""
_LEAST_DECODED = 8
"""Tokens that must still fit before the deadline for the full prompt to be affordable."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one generation."""

    stop: StopAt
    max_tokens: int = 48
    deadline: float = math.inf
    """When the reply is due (`time.monotonic`); decides how much prompt can be afforded, ends nothing."""
    unlike: tuple[str, ...] = ()
    """Texts that are known already: this one must begin in another way than each of them."""


class Generator:
    """Runs generations and warm-ups on one context; belongs to the engine thread.

    `should_stop` is asked between prefill steps and between tokens; `LlamaContext.abort` also stops inside.
    """

    def __init__(
        self,
        model: LlamaModel,
        context: LlamaContext,
        speed: Speed,
        governor: ThreadGovernor | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.model = model
        self.context = context
        self.vocabulary = Vocabulary(model)
        self.encoder = Encoder(model, self.vocabulary, context.cells)
        self.sequences = Sequences(context, shelf)
        self.speed = speed
        self._governor = governor
        self._threads = 0
        self._short = Short()
        self.should_stop: Callable[[], bool] = lambda: False

    def use_cores(self, *, spare: bool) -> None:
        """Choose the threads of the next job: one fewer than there are cores if nobody waits for it (`spare`)."""
        if self._governor is not None:
            self._governor.spare = spare
            self._use_threads(self._governor.threads)

    def warm(self, choice: PromptChoice, out: Generation, *, passing: bool = False, whole: bool = False) -> int:
        """Bring the prompt's head into the KV; returns the tokens evaluated. Raises `DecodeAborted`.

        `passing` says that it is of a document that is only looked at: it makes way without being saved. `whole`
        says that nothing is done unless all of it fits; raises `EngineError` then.
        """
        encoded = self.encoder.fitting(choice, out, reserve=64, whole=whole)
        sequence, reused = self.sequences.choose(encoded.head)
        self.sequences.touch(sequence)
        if reused == len(encoded.head):
            sequence.passing &= passing
            return 0
        reused = self.sequences.keep(sequence, reused)
        sequence.passing, sequence.window = passing, choice.window
        self._prefill(sequence, encoded.head[reused:], 1, Counts())
        return len(encoded.head) - reused

    def generate(self, choice: PromptChoice, limits: Limits, out: Generation, *, whole: bool = False) -> None:
        """Run one generation into `out`, which always ends with a reason.

        Raises `EngineError` when the backend fails, and when it must be the `whole` prompt and that does not fit;
        an abort ends it with the reason ``stopped``.
        """
        try:
            encoded, sequence, reused = self._plan(choice, limits, out, whole=whole)
            out.prompt_text = encoded.prompt.text
            out.part_tokens = encoded.part_tokens
            self._keep_known(encoded, sequence, reused, out.counts)
            sequence.passing, sequence.window = False, choice.window
            self._complete_prompt(encoded, sequence, out.counts)
            self._decode(encoded, sequence, limits, out)
        except DecodeAborted:
            out.reason = "stopped"

    def _plan(
        self, choice: PromptChoice, limits: Limits, out: Generation, *, whole: bool
    ) -> tuple[Encoded, KVSequence, int]:
        """Choose the full prompt, or the longest that leaves time for a few tokens before the deadline."""
        start, moved = time.perf_counter(), self.sequences.shelf_ms
        encoded = self.encoder.fitting(choice, out, reserve=limits.max_tokens + SPARE_CELLS, whole=whole)
        sequence, reused = self.sequences.choose(encoded.whole)
        left = (limits.deadline - time.monotonic()) * 1000
        if math.isfinite(left):
            affordable = self.speed.affordable_prefill(left, _LEAST_DECODED)
            shorter = self._shortened(choice, encoded, encoded.size - reused, affordable)
            if shorter is not None:
                encoded = shorter
                sequence, reused = self.sequences.choose(encoded.whole, scratch=True)
                out.counts.shortened = True
        self.sequences.touch(sequence)
        out.counts.prompt = encoded.size
        out.counts.shelf_ms = self.sequences.shelf_ms - moved
        out.counts.tokenize_ms = (time.perf_counter() - start) * 1000 - out.counts.shelf_ms
        return encoded, sequence, reused

    def _shortened(self, choice: PromptChoice, full: Encoded, missing: int, affordable: int) -> Encoded | None:
        """Encode only the part of the prompt next to the cursor, when more is `missing` than is `affordable`.

        Where not even `_LEAST_PROMPT` tokens are affordable it comes too late for this key, but is there for the
        next. It starts where the last one did, so that what an overtaken key has evaluated is not lost, and typing
        on evaluates next to nothing. None for the full prompt.
        """
        if missing <= (affordable if affordable >= _LEAST_PROMPT else 2 * _LEAST_PROMPT):
            return None
        chars, most = len(choice.full.text), max(affordable, _LEAST_PROMPT)
        grown = self._short.grown(chars)
        again = self.encoder.encode(choice.shorter(grown))
        reused = self.sequences.choose(again.whole, scratch=True)[1]
        if again.size >= _LEAST_PROMPT // 2 and again.size - reused <= most:
            self._short = Short(grown, chars)
            return again
        wanted = int(max(affordable * 0.9, _LEAST_PROMPT) * chars / full.size)
        self._short = Short(wanted, chars)
        return self.encoder.encode(choice.shorter(wanted))

    def _keep_known(self, encoded: Encoded, sequence: KVSequence, reused: int, counts: Counts) -> None:
        """Keep the known part of a prompt, which is all where the logits after its head are left from before."""
        end = sequence.branch = len(encoded.head)
        if reused >= end and end in sequence.logits:
            counts.prompt = counts.reused = end
        else:
            counts.reused = self.sequences.keep(sequence, min(reused, end - 1))

    def _complete_prompt(self, encoded: Encoded, sequence: KVSequence, counts: Counts) -> None:
        """Make sure that the logits after the head are known."""
        if counts.reused < len(encoded.head):
            self._prefill(sequence, encoded.whole[counts.reused :], len(encoded.guess) + 1, counts)

    def _prefill(self, sequence: KVSequence, tokens: Tokens, logits: int, counts: Counts) -> None:
        """Evaluate `tokens` in steps, the last of which keeps the `logits` of the last so many positions."""
        at = 0
        while at < len(tokens):
            self._check_stop()
            self._use_threads(self._governor.look() if self._governor else 0)
            size = min(self._step_size(), len(tokens) - at)
            if 0 < len(tokens) - at - size < logits:
                size = len(tokens) - at - logits  # the wanted logits must lie in one batch
            last = at + size == len(tokens)
            start = time.perf_counter()
            self.sequences.evaluate(sequence, tokens[at : at + size], logits=logits if last else 0)
            ms = (time.perf_counter() - start) * 1000
            if self._pace == 1:
                self.speed.prefilled(size, ms)
            counts.evaluated += size
            counts.prefill_ms += ms
            at += size

    def _step_size(self) -> int:
        return max(_LEAST_STEP, min(_MOST_STEP, int(_STEP_MS * self._pace / self.speed.prefill_ms)))

    @property
    def _pace(self) -> float:
        """The share of the speed that who waits would have: of less than all of it nothing is learned."""
        return self._governor.pace if self._governor else 1.0

    def _use_threads(self, threads: int) -> None:
        if threads and threads != self._threads:
            self._threads = threads
            settings = self.context.settings
            full = threads == settings.threads
            self.context.set_threads(threads, settings.threads_batch or threads if full else threads)

    def _check_stop(self) -> None:
        if self.should_stop():
            raise DecodeAborted("stopped")

    def _decode(self, encoded: Encoded, sequence: KVSequence, limits: Limits, out: Generation) -> None:
        """Spell the forced tail, then decode freely; what the KV holds of it already costs nothing."""
        start = time.perf_counter()
        forced, position = encoded.forced, len(encoded.head)
        unlike = [text.encode() for text in limits.unlike]
        while not out.reason:
            self._check_stop()
            out.counts.decode_ms = (time.perf_counter() - start) * 1000
            choice = healing.best(
                sequence.logits[position], self.vocabulary, forced, () if out.logprobs else unlike
            )
            if not forced and choice.token in self.vocabulary.ends:
                out.reason = "end"
                break
            forced = self._take(choice, forced, limits, out)
            if not out.reason:
                self._advance(sequence, position, choice.token, out.counts)
                position += 1
        out.counts.decode_ms = (time.perf_counter() - start) * 1000

    def _take(self, choice: healing.Choice, forced: bytes, limits: Limits, out: Generation) -> bytes:
        """Add a token to the text, less what it spells of `forced`; returns what is left to spell."""
        piece = self.vocabulary.pieces[choice.token]
        if len(piece) <= len(forced):
            return forced[len(piece) :]
        out.add(piece[len(forced) :], choice.logprob)
        if (stop := limits.stop(out)) is not None:
            out.cut(*stop)
        elif len(out.logprobs) >= limits.max_tokens:
            out.reason = "length"
        return b""

    def _advance(self, sequence: KVSequence, position: int, token: int, counts: Counts) -> None:
        """Make sure that `token` stands at `position` of the KV and that the logits after it are known."""
        if sequence.holds(position, token) and position + 1 in sequence.logits:
            return
        self.sequences.keep(sequence, position)
        start = time.perf_counter()
        self.sequences.evaluate(sequence, [token], logits=1)
        ms = (time.perf_counter() - start) * 1000
        if self._pace == 1:
            self.speed.decoded(ms)
        self._use_threads(self._governor.decoded(ms) if self._governor else 0)
        counts.decoded += 1
