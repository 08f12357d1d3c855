"""Token healing: how far to back the prompt up, and which token may come next while the end is spelled again.

A tokenizer cuts ``ret`` off ``return`` and white space off the word after it in ways that the training text never
had; continuing from such a cut gives poor text. So the prompt ends before the last run of white space, word or
punctuation, and the decoded tokens are constrained to spell that run first, after which they are free
(Athiwaratkun et al., "Token Alignment via Character Matching for Subword Completion", arXiv 2403.08688).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from ai_lsp.engine.llama import Logits
from ai_lsp.engine.vocabulary import Vocabulary

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


def best(logits: Logits, vocabulary: Vocabulary, forced: bytes) -> Choice:
    """Return the likeliest next token, of those that go on spelling `forced` when it is not empty."""
    if forced and len(allowed := vocabulary.spelling(forced)):
        logits = logits[allowed]
        index = int(logits.argmax())
        return Choice(int(allowed[index]), _logprob(logits, index))
    index = int(logits.argmax())
    return Choice(index, _logprob(logits, index))


def _logprob(logits: Logits, index: int) -> float:
    top = logits[index]
    return float(-np.log(np.exp(logits - top).sum()))
