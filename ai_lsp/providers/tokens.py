"""What servers say of the tokens of a text, in the forms that they have for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple


class Token(NamedTuple):
    """Some text that came at once, and how sure the model was of it."""

    text: str
    logprob: float | None = None
    """The natural logarithm of its probability; None where the server does not say."""


def tokens_of(text: str, said: Any) -> list[Token]:
    """Return the tokens of a text that came at once; one of all of it, where what is `said` of them does not fit.

    llama-server says a list of objects with ``token`` and ``logprob``; `/v1/completions` of llama-server the same
    below ``content``, that of others ``tokens`` and ``token_logprobs``.
    """
    found = list(_said(said))
    known = [Token(piece, logprob) for piece, logprob in found if isinstance(piece, str) and _is_logprob(logprob)]
    if found and len(known) == len(found) and "".join(token.text for token in known) == text:
        return known
    return [Token(text)]


def _said(said: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(said, dict) and isinstance(said.get("token_logprobs"), list):
        pieces = said.get("tokens")
        yield from zip(pieces if isinstance(pieces, list) else (), said["token_logprobs"], strict=False)
        return
    rows: Any = said.get("content") if isinstance(said, dict) else said
    for row in rows if isinstance(rows, Sequence) else ():
        if isinstance(row, dict):
            yield row.get("token"), row.get("logprob")


def _is_logprob(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
