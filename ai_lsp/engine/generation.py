"""One generation as it grows: written by the engine thread, read by the event loop at any time."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field

StopAt = Callable[["Generation"], "tuple[int, str] | None"]
"""Called after each token: where to cut the text so far and why decoding ends, or None to go on."""


@dataclass(slots=True)
class Counts:
    """What a generation cost, in tokens and milliseconds."""

    prompt: int = 0
    """Tokens of the prompt, the forced tail included."""
    reused: int = 0
    """Prompt tokens that were in the KV already."""
    evaluated: int = 0
    """Prompt tokens that were decoded now."""
    decoded: int = 0
    """Tokens chosen one at a time, those that only spell the forced tail included."""
    shortened: bool = False
    """Whether the full prompt could not be afforded."""
    queued_ms: float = 0.0
    tokenize_ms: float = 0.0
    shelf_ms: float = 0.0
    prefill_ms: float = 0.0
    decode_ms: float = 0.0


@dataclass
class Generation:
    """The text so far and what is known of it; `text` only ever grows until `finish`."""

    text: str = ""
    reason: str = ""
    """Why it ended: ``end``, ``length``, ``stopped``, ``failed`` or a stop rule's name; empty while it goes on."""
    error: str = ""
    """What went wrong, for people; empty when nothing did."""
    logprobs: list[float] = field(default_factory=list)
    """Log-probability of each token of the text, the healed one first."""
    ends: list[int] = field(default_factory=list)
    """Characters of the text after each of these tokens."""
    counts: Counts = field(default_factory=Counts)
    prompt_text: str = ""
    chars_per_token: float = 0.0
    """Of the full prompt, also where it was shortened; 0 before it was tokenised."""
    part_tokens: dict[int, int] = field(default_factory=dict)
    """The size of each text of the prompt, in tokens, by the hash of the text."""
    model: str = ""
    """Which model wrote it, where that is not the local one."""
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace"), repr=False
    )

    @property
    def finished(self) -> bool:
        """Whether the model or a stop rule ended it, rather than a cancel or the token limit."""
        return self.reason not in ("", "stopped", "failed", "length")

    def add(self, piece: bytes, logprob: float) -> None:
        """Append a token's bytes; an unfinished UTF-8 character waits for its rest."""
        self.logprobs.append(logprob)
        self.text += self._decoder.decode(piece)
        self.ends.append(len(self.text))

    def append(self, text: str) -> None:
        """Append text whose tokens are not known."""
        self.text += text

    def cut(self, at: int, reason: str) -> None:
        """End it with only the first `at` characters."""
        self.text = self.text[:at]
        self.reason = reason

    def tokens(self, after: int = 0) -> list[tuple[str, float]]:
        """Return the tokens of the text from the character `after` on: what each adds, and its log-probability.

        All that they add is the text from there on. A token that is part of a character adds nothing.
        """
        text, found, start = self.text, [], 0
        for end, logprob in zip(self.ends, self.logprobs, strict=False):
            if start < len(text) and (end > after or (end == start >= after)):
                found.append((text[max(start, after) : end], logprob))
            start = end
        return found

    @property
    def first_logprob(self) -> float | None:
        """Log-probability of the first token, None before there is one."""
        return self.logprobs[0] if self.logprobs else None

    @property
    def mean_logprob(self) -> float | None:
        """Mean log-probability of a token, None before there is one."""
        return sum(self.logprobs) / len(self.logprobs) if self.logprobs else None
