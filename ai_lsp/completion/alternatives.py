"""Other suggestions for a place, when one is asked for by hand.

They are made one after the other from the same KV, each begun unlike those before it. Forked sequences in one
batch would not be faster on a CPU, where a batch of four tokens costs as much as 3.7 single ones.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

_TRIES = 2
"""Texts that are made for each that is wanted, at most: filters refuse some."""

Make = Callable[[tuple[str, ...]], Awaitable[str]]
"""Makes one text that begins unlike those that it is given; an empty one when there is no more time."""


async def others(raw: str, shown: str, count: int, make: Make, clean: Callable[[str], str]) -> list[str]:
    """Return up to `count` texts beside the one that is `shown`, which was `raw` before it was cleaned.

    `clean` runs the filters over a text and returns what may be shown of it.
    """
    known, found = [raw], [shown]
    for _ in range(count * _TRIES):
        if len(found) > count or not (text := await make(tuple(known))):
            break
        known.append(text)
        cleaned = clean(text)
        if cleaned.strip() and cleaned.strip() not in {other.strip() for other in found}:
            found.append(cleaned)
    return found[1:]
