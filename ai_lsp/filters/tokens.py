"""Which of the model's tokens a part of its text is made of."""

from __future__ import annotations

from collections.abc import Sequence

Tokens = Sequence[tuple[str, float]]
"""What each token added to a text, in order, and its log-probability."""


def spelling(tokens: Tokens, text: str) -> list[tuple[str, float]]:
    """Return those of `tokens` that `text` is made of; all of them where it is no part of what they spell.

    Filters cut a text and change its white space, so white space does not count: tokens of nothing else are
    returned between others only. Tokens of which only a part is in the text are returned whole.
    """
    bare = "".join("".join(piece for piece, _ in tokens).split())
    wanted = "".join(text.split())
    start = bare.find(wanted)
    if start < 0:
        return list(tokens)
    stop, found, at = start + len(wanted), [], 0
    for piece, logprob in tokens:
        begin, at = at, at + len("".join(piece.split()))
        if at > start and begin < stop:
            found.append((piece, logprob))
    return found
