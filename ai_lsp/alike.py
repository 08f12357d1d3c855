"""How much two texts begin and end with alike, by halving: slices are compared in C."""

from __future__ import annotations

from typing import AnyStr


def shared_start(one: AnyStr, other: AnyStr) -> int:
    """Return the length of what both begin with, in characters or bytes."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def shared_end(one: AnyStr, other: AnyStr, most: int) -> int:
    """Return the length of what both end with, `most` at the most, which is no more than the shorter one has."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
