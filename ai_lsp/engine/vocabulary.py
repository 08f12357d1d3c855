"""The vocabulary as bytes: which tokens can spell a given text, and which end a suggestion."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ai_lsp.engine.binding import llama
from ai_lsp.engine.llama import LlamaModel

TokenIds = npt.NDArray[np.int32]

_SPM = 1  # llama_vocab_type: SentencePiece, which puts a space before every text it is given


def _by_piece(pieces: list[bytes]) -> list[int]:
    """Return the tokens that have a piece, sorted by it.

    Sorted in one go they would hold the interpreter's lock for 20 ms and the event loop up with it.
    """
    buckets: defaultdict[bytes, list[int]] = defaultdict(list)
    for token, piece in enumerate(pieces):
        if piece:
            buckets[piece[:2]].append(token)
    return [token for start in sorted(buckets) for token in sorted(buckets[start], key=pieces.__getitem__)]


class Vocabulary:
    """Every token's bytes, sorted, so that the tokens that can start a text are two binary searches away."""

    def __init__(self, model: LlamaModel) -> None:
        ll = llama()
        self._model = model
        self.pieces = [model.piece(token) for token in range(model.n_vocab)]
        spelled = _by_piece(self.pieces)
        self._sorted = [self.pieces[token] for token in spelled]
        self._ids = np.array(spelled, dtype=np.int32)
        self.longest = max(map(len, self._sorted), default=0)
        self.ends = frozenset(token for token in range(model.n_vocab) if ll.llama_vocab_is_eog(model.vocab, token))
        self._adds_space = ll.llama_vocab_type(model.vocab) == _SPM
        self.spelling = lru_cache(maxsize=512)(self._spelling)
        self.tokens = lru_cache(maxsize=64)(self._tokens)

    def _spelling(self, text: bytes) -> TokenIds:
        """Return the tokens that can come next when `text` must be spelled: its prefixes and its extensions."""
        low = bisect_left(self._sorted, text)
        high = bisect_left(self._sorted, text + b"\xff" * 8, lo=low)
        shorter = [self._find(text[:end]) for end in range(1, len(text))]
        found = [token for token in shorter if token is not None]
        return np.concatenate([np.array(found, dtype=np.int32), self._ids[low:high]])

    def _find(self, piece: bytes) -> int | None:
        at = bisect_left(self._sorted, piece)
        return int(self._ids[at]) if at < len(self._sorted) and self._sorted[at] == piece else None

    def _tokens(self, text: str) -> tuple[int, ...]:
        """Return the tokens of `text`; the last few texts are remembered."""
        return tuple(self._model.tokenize(text))

    def guess(self, text: str) -> tuple[int, ...]:
        """Return a likely tokenisation of `text` in the middle of a line."""
        return self._longest_matches(text.encode()) if self._adds_space else self.tokens(text)

    def _longest_matches(self, data: bytes) -> tuple[int, ...]:
        tokens: list[int] = []
        while data:
            for end in range(min(len(data), self.longest), 0, -1):
                if (token := self._find(data[:end])) is not None:
                    break
            else:
                return tuple(tokens)
            tokens.append(token)
            data = data[end:]
        return tuple(tokens)
