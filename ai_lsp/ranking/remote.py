"""Vectors and scores from a provider: `/embeddings` and `/rerank`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from ai_lsp.permissions.errand import Errand
from ai_lsp.providers import faults
from ai_lsp.providers.outlet import Outlet
from ai_lsp.providers.replies import whole
from ai_lsp.providers.settings import ProviderSettings
from ai_lsp.ranking.vectors import Passage, Vector, normalised

T = TypeVar("T")
_WANTED = "comparison of texts"
_BATCH = 16
"""Texts of one request: what came of the first is remembered where there is no time for the next."""


@dataclass(frozen=True)
class _Remote:
    """A model at a provider that compares texts."""

    provider: ProviderSettings
    model: str
    outlet: Outlet

    @property
    def title(self) -> str:
        """The model and where it runs."""
        return f"{self.model} at {self.provider.name}" if self.model else self.provider.name

    async def _allowed(self, role: str, passages: Sequence[Passage], repository: str) -> list[Passage]:
        errand = self._errand(role, passages, repository)
        parts = set(await self.outlet.allowed(self.provider, errand)) if errand.parts else set()
        return [passage for passage in passages if passage.part is None or passage.part in parts]

    def _errand(self, role: str, passages: Sequence[Passage], repository: str) -> Errand:
        parts = dict.fromkeys(passage.part for passage in passages if passage.part is not None)
        return Errand(role, self.model, tuple(parts), repository)

    async def _asked(
        self, errand: Errand, path: str, body: Mapping[str, Any], read: Callable[[Mapping[str, Any]], T]
    ) -> T:
        """Return what `read` makes of the answer. Raises ProviderError, also where `read` raises ValueError."""
        path = f"v1/{path}" if self.provider.kind == "llama-server" else path
        body = {"model": self.model, **body} if self.model else body
        async with self.outlet.post(self.provider, errand, path, body) as answer:
            found = await whole(self.provider, answer, _WANTED)
            answer.ended = True
            try:
                return await asyncio.to_thread(read, found)
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                raise faults.malformed(self.provider, faults.one_line(str(error)), _WANTED) from error


@dataclass(frozen=True)
class RemoteEmbedder(_Remote):
    """An `Embedder` behind `/embeddings`."""

    @property
    def batch(self) -> int:
        """How many texts go in one request."""
        return _BATCH

    async def allowed(self, passages: Sequence[Passage], repository: str) -> list[Passage]:
        """Return those that may go there."""
        return await self._allowed("embed", passages, repository)

    async def vectors(self, passages: Sequence[Passage], repository: str) -> list[Vector]:
        """Return the vector of each text. Raises ProviderError."""
        errand = self._errand("embed", passages, repository)
        body = {"input": [passage.text or " " for passage in passages]}
        return await self._asked(errand, "embeddings", body, partial(_vectors, len(passages)))


@dataclass(frozen=True)
class RemoteReranker(_Remote):
    """A `Reranker` behind `/rerank`, as llama-server, vLLM, Jina, Cohere and LiteLLM speak it."""

    async def allowed(self, passages: Sequence[Passage], repository: str) -> list[Passage]:
        """Return those that may go there."""
        return await self._allowed("rerank", passages, repository)

    async def scores(self, query: Passage, passages: Sequence[Passage], repository: str) -> dict[int, float]:
        """Return the score of each passage that the server says something of. Raises ProviderError."""
        errand = self._errand("rerank", [query, *passages], repository)
        body = {"query": query.text, "documents": [passage.text for passage in passages]}
        return await self._asked(errand, "rerank", body, partial(_scores, len(passages)))


def _vectors(count: int, found: Mapping[str, Any]) -> list[Vector]:
    """Return the vectors of an answer in the order of their texts. Raises ValueError and its like."""
    vectors = {int(one["index"]): normalised(one["embedding"]) for one in found["data"]}
    if sorted(vectors) != list(range(count)):
        raise ValueError(f"{len(vectors)} vectors for {count} texts")
    if len({len(vector) for vector in vectors.values()}) > 1:
        raise ValueError("vectors of different lengths")
    return [vectors[number] for number in range(count)]


def _scores(count: int, found: Mapping[str, Any]) -> dict[int, float]:
    """Return the scores of an answer by the number of their text. Raises ValueError and its like."""
    results = found["results"] if "results" in found else found["data"]
    scores = {int(one["index"]): float(one["relevance_score"]) for one in results}
    if not scores.keys() <= set(range(count)):
        raise ValueError("a score for a text that was not sent")
    if any(score != score for score in scores.values()):
        raise ValueError("a score that is no number")
    return scores
