"""Models that compare texts as a test tells them to, under the real code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ai_lsp.ranking.vectors import Passage, Vector, normalised


class FakeEmbedder:
    """Makes vectors by counting letters, and remembers what it was asked."""

    def __init__(self, may: Callable[[Passage], bool] = lambda _passage: True, *, batch: int = 3) -> None:
        self.title, self.batch, self.asked = "letters", batch, list[list[str]]()
        self.problem: Exception | None = None
        self._may = may

    @property
    def texts(self) -> list[str]:
        """All texts that it was asked about, in their order."""
        return [text for texts in self.asked for text in texts]

    async def allowed(self, passages: Sequence[Passage], _repository: str) -> list[Passage]:
        return [passage for passage in passages if self._may(passage)]

    async def vectors(self, passages: Sequence[Passage], _repository: str) -> list[Vector]:
        self.asked.append([passage.text for passage in passages])
        if self.problem is not None:
            raise self.problem
        return [normalised([1e-3 + passage.text.count(letter) for letter in "abcd"]) for passage in passages]


class FakeReranker:
    """Scores passages by their length."""

    title = "lengths"

    def __init__(self, *, says: Callable[[str], bool] = lambda _text: True) -> None:
        self.asked: list[list[str]] = []
        self._says = says

    async def allowed(self, passages: Sequence[Passage], _repository: str) -> list[Passage]:
        return list(passages)

    async def scores(self, _query: Passage, passages: Sequence[Passage], _repository: str) -> dict[int, float]:
        self.asked.append([passage.text for passage in passages])
        return {at: float(len(one.text)) for at, one in enumerate(passages) if self._says(one.text)}
