"""Fingerprints of token rows by winnowing.

Schleimer, Wilkerson, Aiken: Winnowing: Local Algorithms for Document Fingerprinting (SIGMOD 2003). Of every
`WINDOW` consecutive hashes of `GRAM` tokens the least one is kept, the rightmost of equal ones, so that any
``WINDOW + GRAM - 1`` tokens in common have a fingerprint in common.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GRAM = 8
"""Tokens of one hash."""
WINDOW = 9
"""Hashes of which one is kept at least."""
GUARANTEED = GRAM + WINDOW - 1
"""So many tokens in common are always found."""

_TELLING = 4
"""Different tokens that a hash stands for, at least."""
_LAST = np.uint32(0xFFFFFFFF)
_FACTOR = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9
_POWERS = np.array([pow(_FACTOR, power, 1 << 64) for power in range(GRAM)], np.uint64)


def hashes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the hash of the `GRAM` tokens from each token on, none where fewer are left."""
    count = max(0, len(codes) - GRAM + 1)
    total = np.zeros(count, np.uint64)
    wide = codes.astype(np.uint64)
    for at, power in enumerate(_POWERS):
        total += wide[at : at + count] * power
    total ^= total >> np.uint64(31)
    total *= np.uint64(_MIX)
    mixed: NDArray[np.uint32] = (total >> np.uint64(32)).astype(np.uint32)
    return mixed


def winnow(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the fingerprints of a row of tokens, and the positions of the tokens from which they go on, in order.

    Hashes of few different tokens, as rows of numbers have them, are passed over.
    """
    found = hashes(codes)
    if not len(found):
        return found, found
    ordered = np.sort(np.lib.stride_tricks.sliding_window_view(codes, GRAM), axis=1)
    telling = np.count_nonzero(np.diff(ordered, axis=1), axis=1) + 1 >= _TELLING
    ranks = np.where(telling, found, _LAST)
    windows = np.lib.stride_tricks.sliding_window_view(ranks, min(WINDOW, len(ranks)))
    rightmost = windows.shape[1] - 1 - np.argmin(windows[:, ::-1], axis=1)
    kept = np.unique(rightmost + np.arange(len(windows))).astype(np.uint32)
    kept = kept[telling[kept]]
    return found[kept], kept
