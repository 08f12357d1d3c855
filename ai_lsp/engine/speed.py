"""How fast this machine prefills and decodes just now, learned from what it did."""

from __future__ import annotations

from dataclasses import dataclass

_WEIGHT = 0.3


@dataclass
class Speed:
    """Running averages; the first values come from `models optimise` or are cautious guesses."""

    prefill_ms: float = 4.0
    """Milliseconds for a prompt token."""
    decode_ms: float = 20.0
    """Milliseconds for a decoded token."""

    def prefilled(self, tokens: int, ms: float) -> None:
        """Learn from a prefill; small ones say little about the speed of large ones."""
        if tokens >= 16:
            self.prefill_ms += _WEIGHT * (ms / tokens - self.prefill_ms)

    def decoded(self, ms: float) -> None:
        """Learn from one decoded token."""
        self.decode_ms += _WEIGHT * (ms - self.decode_ms)

    def affordable_prefill(self, ms: float, decode_tokens: int) -> int:
        """Return how many prompt tokens fit into `ms` when `decode_tokens` are to be decoded after them."""
        return max(0, int((ms - decode_tokens * self.decode_ms) / self.prefill_ms))
