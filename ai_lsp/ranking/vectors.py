"""Texts as vectors, what makes them, and those that are remembered."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ai_lsp.providers.chat import Part

Vector = npt.NDArray[np.float32]
"""Of length 1, so that the dot product of two is their cosine."""

_MOST = 4_096
"""Vectors that are remembered: 16 MB of those with 1,024 numbers."""
_LEAST_LENGTH = 1e-12


@dataclass(frozen=True)
class Passage:
    """A text that is compared, and where it is from."""

    text: str
    part: Part | None = None
    """None for what the user typed, which no permission is asked for."""


class Embedder(Protocol):
    """Makes vectors of texts."""

    @property
    def title(self) -> str:
        """What users call the model."""

    @property
    def batch(self) -> int:
        """How many texts are asked for at once."""

    async def vectors(self, passages: Sequence[Passage], repository: str) -> list[Vector]:
        """Return the vector of each text. Raises ProviderError, NotAllowed where a text may not go there."""

    async def allowed(self, passages: Sequence[Passage], repository: str) -> list[Passage]:
        """Return those that may be sent there, in their order."""


class Reranker(Protocol):
    """Says how much each of some texts has to do with a question."""

    @property
    def title(self) -> str:
        """What users call the model."""

    async def scores(self, query: Passage, passages: Sequence[Passage], repository: str) -> dict[int, float]:
        """Return scores by the number of the passage, more is better; those of some may be missing.

        Raises ProviderError, NotAllowed where a text may not go there.
        """

    async def allowed(self, passages: Sequence[Passage], repository: str) -> list[Passage]:
        """Return those that may be sent there, in their order."""


class VectorCache:
    """The vectors that were made of late, by model and by the hash of the text. Belongs to the event loop."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[Embedder, bytes], Vector] = OrderedDict()

    def get(self, embedder: Embedder, text: str) -> Vector | None:
        """Return the vector that this model made of the text; None where it is not known."""
        key = _key(embedder, text)
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def put(self, embedder: Embedder, text: str, vector: Vector) -> None:
        """Remember a vector; the one that was not asked for longest goes when there are too many."""
        self._known[_key(embedder, text)] = vector
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)


def normalised(numbers: Sequence[float] | Vector) -> Vector:
    """Return numbers as a vector of length 1. Raises ValueError where that cannot be."""
    vector = np.asarray(numbers, dtype=np.float32)
    length = float(np.linalg.norm(vector)) if vector.ndim == 1 else float("nan")
    if not np.isfinite(length) or length < _LEAST_LENGTH:
        raise ValueError("it has no direction")
    unit: Vector = vector / np.float32(length)
    return unit


def _key(embedder: Embedder, text: str) -> tuple[Embedder, bytes]:
    return embedder, hashlib.sha256(text.encode("utf-8", "replace")).digest()
