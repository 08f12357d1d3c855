"""Keeps back what the model itself was unsure of."""

from __future__ import annotations

import math

from ai_lsp.filters.decision import Decision


def doubt(first_logprob: float | None, least: float) -> Decision | None:
    """Veto a text whose first token was less likely than `least` (0 to 1); else None."""
    if first_logprob is None or (probability := math.exp(first_logprob)) >= least:
        return None
    return Decision("confidence", "", f"the first token had a probability of {probability:.2f}, below {least:.2f}")
