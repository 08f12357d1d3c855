"""The order of what an index found: by the vectors of `embed`, then the best of these by `rerank`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ai_lsp.providers.chat import ProviderError
from ai_lsp.ranking.vectors import Embedder, Passage, Reranker, Vector, VectorCache

log = logging.getLogger(__name__)

CANDIDATES = 24
"""Windows that an index is asked for where a model puts them in order."""
_RERANKED = 12
"""The best of them that `rerank` sees."""
_CHARS = 1_200
"""Of each text; servers refuse what is longer than their batch, by default 512 tokens."""
_SECONDS = 20.0
"""How long each of both may take: somebody waits for what comes after it."""
_PAUSE = 30.0
"""Seconds for which a role's model is not asked after it failed."""

Tell = Callable[[str], None]
"""Is told why the order of the index is used; an empty text when that is over."""


@dataclass
class Memory:
    """What is kept from one question to the next."""

    tell: Tell = lambda _problem: None
    vectors: VectorCache = field(default_factory=VectorCache)
    silent_until: dict[str, float] = field(default_factory=dict)
    """By the role of a model that failed."""
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Ranker:
    """Puts passages in order. Belongs to the event loop; never fails: at worst the order stays as it was."""

    memory: Memory
    embedder: Embedder | None = None
    reranker: Reranker | None = None
    before_query: str = ""
    """What the embedder wants before a question."""
    before_text: str = ""
    """What it wants before a text that is looked for."""

    async def order(self, query: Passage, passages: Sequence[Passage], repository: str = "") -> list[int]:
        """Return the numbers of the passages, those first that have most to do with the query.

        A passage that may not be sent to a model keeps the place that it has.
        """
        query = _clipped(query)
        clipped = [_clipped(passage) for passage in passages]
        order = list(range(len(clipped)))
        if self.embedder is not None and len(order) > 1:
            work = partial(self._similarities, self.embedder, query, clipped, repository)
            order = _sorted(order, await self._tried("embed", work))
        if self.reranker is not None and len(order) > 1:
            best = order[:_RERANKED]
            some = {number: clipped[number] for number in best}
            work = partial(self._scores, self.reranker, query, some, repository)
            order = [*_sorted(best, await self._tried("rerank", work)), *order[_RERANKED:]]
        return order

    async def _tried(self, role: str, work: Callable[[], Awaitable[Mapping[int, float]]]) -> Mapping[int, float]:
        """Return what `work` gives; nothing, and the user is told why, where it fails."""
        memory = self.memory
        if memory.clock() < memory.silent_until.get(role, 0.0):
            return {}
        try:
            found = await asyncio.wait_for(work(), _SECONDS)
        except asyncio.TimeoutError:
            self._failed(role, f"comparing texts took more than {_SECONDS:g} s")
        except ProviderError as error:
            self._failed(role, str(error))
        else:
            if memory.silent_until.pop(role, None) is not None:
                memory.tell("")
            return found
        return {}

    def _failed(self, role: str, problem: str) -> None:
        log.info("not put in order by %s: %s", role, problem)
        self.memory.silent_until[role] = self.memory.clock() + _PAUSE
        self.memory.tell(f"{role}: {problem}")

    async def _similarities(
        self, embedder: Embedder, query: Passage, passages: Sequence[Passage], repository: str
    ) -> Mapping[int, float]:
        """Return the cosine of each passage that may be sent, by its number."""
        query = replace(query, text=self.before_query + query.text)
        passages = [replace(passage, text=self.before_text + passage.text) for passage in passages]
        allowed = await embedder.allowed(passages, repository)
        # Where none may, asking all the same tells why.
        wanted = [query, *(allowed or passages)]
        await self._learn(embedder, wanted, repository)
        found = {passage: self.memory.vectors.get(embedder, passage.text) for passage in wanted}
        return _cosines(found[query], {n: found[one] for n, one in enumerate(passages) if one in found})

    async def _learn(self, embedder: Embedder, wanted: Iterable[Passage], repository: str) -> None:
        """Have the vectors of all these remembered, as many at once as the model takes."""
        vectors = self.memory.vectors
        each = {passage.text: passage for passage in wanted}
        new = [passage for text, passage in each.items() if vectors.get(embedder, text) is None]
        for start in range(0, len(new), embedder.batch):
            some = new[start : start + embedder.batch]
            for passage, vector in zip(some, await embedder.vectors(some, repository), strict=True):
                vectors.put(embedder, passage.text, vector)

    async def _scores(
        self, reranker: Reranker, query: Passage, passages: Mapping[int, Passage], repository: str
    ) -> Mapping[int, float]:
        """Return the score of each passage that may be sent, by its number."""
        allowed = set(await reranker.allowed([query, *passages.values()], repository))
        sent = [number for number, passage in passages.items() if passage in allowed] or list(passages)
        scores = await reranker.scores(query, [passages[number] for number in sent], repository)
        return {number: scores[at] for at, number in enumerate(sent) if at in scores}


def _cosines(query: Vector | None, vectors: Mapping[int, Vector | None]) -> dict[int, float]:
    if query is None:
        return {}
    return {
        number: float(vector @ query)
        for number, vector in vectors.items()
        if vector is not None and vector.shape == query.shape
    }


def _sorted(order: Sequence[int], scores: Mapping[int, float]) -> list[int]:
    """Sort those that have a score among the places that they have; the others stay where they are."""
    best = iter(sorted((number for number in order if number in scores), key=lambda one: -scores[one]))
    return [next(best) if number in scores else number for number in order]


def _clipped(passage: Passage) -> Passage:
    return replace(passage, text=passage.text[:_CHARS])
