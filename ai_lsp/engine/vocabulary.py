"""The vocabulary as bytes: which tokens can spell a given text, and which end a suggestion."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ai_lsp.engine.binding import llama
from ai_lsp.engine.llama import LlamaModel

TokenIds = npt.NDArray[np.int32]

_SPM = 1  # llama_vocab_type: SentencePiece, which puts a space before every text it is given

_SEAM = re.compile(r"\n[ \t]*(?=[ \t][^\s\d])|(?<=\S)\n(?=[^\s\d])")
"""Ends where byte-pair tokenisers cut a text before they merge anything: before the last white space of a line's
indentation, or at the start of a line without any. Before digits and after empty lines some of them do not."""
_SEAMS_PASSED = 3
"""Of so many seams one is used: a piece has a few lines, and only the last one changes with a key."""
_SEAM_CHARS = 32
_PIECES_KEPT = 1024
_TEXTS_KEPT = 32
"""Texts without their last piece, which stay as they are from key to key."""


def _pieces(text: str) -> Iterator[str]:
    """Cut `text` at some of its seams, which are chosen by the text before them.

    So they stay where they are when something is cut off the text's start or typed at its end (as in the chunks of
    Muthitacharoen, Chen, Mazieres, "A low-bandwidth network file system", SOSP 2001).
    """
    start = 0
    for seam in _SEAM.finditer(text):
        if _is_cut(text, at := seam.end()):
            yield text[start:at]
            start = at
    yield text[start:]


def _is_cut(text: str, at: int) -> bool:
    """Whether the seam that ends at `at` is one that is used."""
    return zlib.crc32(text[max(0, at - _SEAM_CHARS) : at].encode("utf-8", "surrogatepass")) % _SEAMS_PASSED == 0


def _last_cut(text: str) -> int:
    """Return where the last of the pieces begins, found from the end."""
    newline = len(text)
    while (newline := text.rfind("\n", 0, newline)) >= 0:
        if (seam := _SEAM.match(text, newline)) and _is_cut(text, seam.end()):
            return seam.end()
    return 0


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
        self._piece_tokens = lru_cache(maxsize=_PIECES_KEPT)(self._tokenized)
        self._tokens_in_pieces = lru_cache(maxsize=_TEXTS_KEPT)(self._in_pieces)

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

    def tokens(self, text: str) -> TokenIds:
        """Return the tokens of `text`, shape (n,); only what is new since the last calls is tokenised."""
        if self._adds_space:  # each piece would get its own
            return self._piece_tokens(text)
        cut = _last_cut(text)
        return np.concatenate([self._tokens_in_pieces(text[:cut]), self._piece_tokens(text[cut:])])

    def _in_pieces(self, text: str) -> TokenIds:
        return np.concatenate([self._piece_tokens(piece) for piece in _pieces(text)])

    def _tokenized(self, text: str) -> TokenIds:
        return np.array(self._model.tokenize(text), dtype=np.int32)

    def guess(self, text: str) -> tuple[int, ...]:
        """Return a likely tokenisation of `text` in the middle of a line."""
        if self._adds_space:
            return self._longest_matches(text.encode())
        return tuple(self._piece_tokens(text).tolist())

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
