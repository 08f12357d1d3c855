"""The next token of a conversation: the likeliest one, or one drawn by temperature."""

from __future__ import annotations

import numpy as np

from ai_lsp.engine.llama import Logits

_TOP_K = 40
"""Of so many likeliest tokens one is drawn, as in llama.cpp's own defaults."""
_TOP_P = 0.95
"""Of these, the likeliest that together have this probability."""


def sample(logits: Logits, temperature: float, random: np.random.Generator) -> int:
    """Return a token id for logits of shape (n_vocab,); a temperature of 0 is greedy."""
    if temperature <= 0:
        return int(np.argmax(logits))
    most = min(_TOP_K, len(logits))
    ids = np.argpartition(logits, -most)[-most:]
    ids = ids[np.argsort(logits[ids])[::-1]]
    weights = np.exp((logits[ids] - logits[ids[0]]) / temperature)
    shares = weights / weights.sum()
    kept = int(np.searchsorted(np.cumsum(shares), _TOP_P)) + 1
    return int(random.choice(ids[:kept], p=shares[:kept] / shares[:kept].sum()))
