"""Token healing: how far to back the prompt up, and which token may come next while the end is spelled again.

A tokenizer cuts ``ret`` off ``return`` and white space off the word after it in ways that the training text never
had; continuing from such a cut gives poor text. So the prompt ends before the last run of white space, word or
punctuation, and the decoded tokens are constrained to spell that run first, after which they are free
(Athiwaratkun et al., "Token Alignment via Character Matching for Subword Completion", arXiv 2403.08688).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai_lsp.engine.llama import Logits
from ai_lsp.engine.vocabulary import Vocabulary

_CANDIDATES = 64
"""How many tokens are looked at for one that begins unlike other texts."""
_MOST_SPACES, _MOST_LETTERS = 200, 48
_TAIL = re.compile(rf"\s{{0,{_MOST_SPACES}}}(?:[^\w\s]?\w{{1,{_MOST_LETTERS}}}|[^\w\s]{{1,3}})?\Z")


def split(text: str) -> tuple[str, str]:
    r"""Split `text` before its last run of white space and word or punctuation.

    ``"x = fo"`` gives ``("x =", " fo")``, ``"def f():\n    "`` gives ``("def f():", "\n    ")``.
    """
    window = text[-(_MOST_SPACES + _MOST_LETTERS) :]
    match = _TAIL.search(window)
    cut = len(text) - (len(window) - match.start()) if match else len(text)
    return text[:cut], text[cut:]


@dataclass(frozen=True, slots=True)
class Choice:
    """A token and how sure the model was of it among those it might choose."""

    token: int
    logprob: float
    """Natural logarithm of the probability, renormalised over the allowed tokens."""


def best(logits: Logits, vocabulary: Vocabulary, forced: bytes, unlike: Sequence[bytes] = ()) -> Choice:
    """Return the likeliest next token, of those that go on spelling `forced` when it is not empty.

    With `unlike` it is the likeliest of `_CANDIDATES` that ends no text and adds nothing with which one of these
    texts begins too; the likeliest of all where there is none.
    """
    allowed = vocabulary.spelling(forced) if forced else None
    if allowed is not None and len(allowed):
        logits = logits[allowed]
    else:
        allowed = None
    for index in np.argsort(logits)[: -_CANDIDATES - 1 : -1] if unlike else ():
        token = int(index if allowed is None else allowed[index])
        if _is_new(vocabulary.pieces[token], forced, unlike):
            return Choice(token, _logprob(logits, int(index)))
    index = int(logits.argmax())
    return Choice(index if allowed is None else int(allowed[index]), _logprob(logits, index))


def _is_new(piece: bytes, forced: bytes, unlike: Sequence[bytes]) -> bool:
    added = piece[len(forced) :]
    return not any(text.startswith(added) for text in unlike) if added else 0 < len(piece) <= len(forced)


def _logprob(logits: Logits, index: int) -> float:
    top = logits.max()
    return float(logits[index] - top - np.log(np.exp(logits - top).sum()))
