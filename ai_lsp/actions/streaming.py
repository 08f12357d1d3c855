"""A model's answer taken as it comes, and ended where nothing new comes any more."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

from ai_lsp.providers.chat import ChatModel, Wish

_TIMES = 5
_SHORTEST, _LONGEST = 12, 300
"""Characters of what is said again and again."""
_LETTERS = 4
"""Different ones that it has at least: a line of signs is no loop."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SENTENCE_CHARS, _SAID = 30, 3
"""Characters of a sentence that nobody says again by chance, and how often it is enough."""
_LOOKED_AT = 64
"""Characters between two looks for it."""


async def answered(
    model: ChatModel,
    wish: Wish,
    on_text: Callable[[str], None] = lambda _text: None,
    is_over: Callable[[str], bool] = lambda _text: False,
) -> str:
    """Return the answer; `on_text` is told each piece, and `is_over` says of all so far whether it is enough.

    A model that only repeats itself, as small ones do, is stopped; what it said again is left out. Raises
    ProviderError.
    """
    text, looked = "", 0
    async with contextlib.aclosing(model.stream(wish)) as stream:
        async for piece in stream:
            text += piece
            on_text(piece)
            if is_over(text):
                break
            if len(text) - looked >= _LOOKED_AT:
                looked = len(text)
                if period := repeats(text):
                    return once(text, period)
    return text


def rambles(text: str) -> bool:
    """Whether the sentence that prose ends in was said twice before, in whatever is between."""
    end = text.rstrip()
    if not end.endswith((".", "!", "?")):
        return False
    last = _SENTENCE_END.split(end)[-1]
    return len(last) >= _SENTENCE_CHARS and end.count(last) >= _SAID


def repeats(text: str) -> int:
    """Return how long the text is with which `text` ends several times over; 0 where it does not."""
    for period in range(_SHORTEST, min(_LONGEST, len(text) // _TIMES) + 1):
        part = text[-period:]
        if len(set(part)) >= _LETTERS and text.endswith(part * _TIMES):
            return period
    return 0


def once(text: str, period: int) -> str:
    """Return `text` with what it ends in, `period` characters again and again, only once."""
    part, end = text[-period:], len(text)
    while text.endswith(part, 0, end - period):
        end -= period
    return text[:end]
