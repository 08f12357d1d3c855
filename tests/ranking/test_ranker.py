"""The order of passages: by vectors, then by scores, and as it was where there are none."""

from __future__ import annotations

import asyncio

import pytest

from ai_lsp.providers.chat import NotAllowed, Part, ProviderError
from ai_lsp.ranking import ranker
from ai_lsp.ranking.ranker import Memory, Ranker
from ai_lsp.ranking.vectors import Passage, VectorCache, normalised
from tests.ranking.fakes import FakeEmbedder, FakeReranker


def passages(*texts: str) -> list[Passage]:
    return [Passage(text, Part("index", f"/r/{number}.py")) for number, text in enumerate(texts)]


async def test_the_most_alike_comes_first() -> None:
    one = Ranker(Memory(), FakeEmbedder())
    assert await one.order(Passage("ccc"), passages("aaa", "abc", "cc", "ca")) == [2, 3, 1, 0]


async def test_without_models_the_order_stays() -> None:
    assert await Ranker(Memory()).order(Passage("c"), passages("a", "c")) == [0, 1]


async def test_what_may_not_be_sent_keeps_its_place() -> None:
    embedder = FakeEmbedder(lambda passage: passage.text != "abc")
    order = await Ranker(Memory(), embedder).order(Passage("ccc"), passages("aaa", "abc", "cc", "c"))
    assert order == [2, 1, 3, 0]
    assert embedder.texts == ["ccc", "aaa", "cc", "c"]


async def test_vectors_are_remembered_by_the_text() -> None:
    embedder, memory = FakeEmbedder(), Memory()
    await Ranker(memory, embedder).order(Passage("c"), passages("a", "b", "a", "d"))
    assert embedder.asked == [["c", "a", "b"], ["d"]]
    embedder.asked.clear()
    await Ranker(memory, embedder).order(Passage("d"), passages("a", "new"))
    assert embedder.texts == ["new"]


def test_no_more_are_remembered_than_there_is_room_for() -> None:
    cache, embedder = VectorCache(2), FakeEmbedder()
    for text in "abc":
        cache.put(embedder, text, normalised([1.0]))
        cache.get(embedder, "a")
    assert len(cache) == 2
    assert cache.get(embedder, "a") is not None
    assert cache.get(embedder, "b") is None


async def test_another_model_has_its_own_vectors() -> None:
    memory, one, other = Memory(), FakeEmbedder(), FakeEmbedder()
    await Ranker(memory, one).order(Passage("c"), passages("a", "b"))
    await Ranker(memory, other).order(Passage("c"), passages("a", "b"))
    assert one.texts == other.texts == ["c", "a", "b"]


async def test_the_best_are_ordered_again() -> None:
    reranker = FakeReranker()
    texts = ["c" * (1 + number % 3) + "a" * number for number in range(20)]
    order = await Ranker(Memory(), FakeEmbedder(), reranker).order(Passage("c"), passages(*texts))
    (seen,) = reranker.asked
    assert len(seen) == 12
    lengths = [len(texts[number]) for number in order]
    assert lengths[:12] == sorted(lengths[:12], reverse=True)
    assert sorted(order) == list(range(20))


async def test_what_has_no_score_keeps_its_place() -> None:
    reranker = FakeReranker(says=lambda text: text != "x")
    order = await Ranker(Memory(), reranker=reranker).order(Passage("q"), passages("a", "x", "aaa"))
    assert order == [2, 1, 0]


@pytest.mark.parametrize("error", [ProviderError("team is down"), NotAllowed("not sent")])
async def test_what_fails_is_told_and_left_alone_for_a_while(error: Exception) -> None:
    told: list[str] = []
    now = [100.0]
    embedder = FakeEmbedder()
    one = Ranker(Memory(told.append, clock=lambda: now[0]), embedder)
    embedder.problem = error
    for _ in range(2):
        assert await one.order(Passage("c"), passages("a", "c")) == [0, 1]
    assert (told, len(embedder.asked)) == ([f"embed: {error}"], 1)
    embedder.problem, now[0] = None, 131.0
    assert await one.order(Passage("c"), passages("a", "c")) == [1, 0]
    assert told == [f"embed: {error}", ""]


async def test_what_takes_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(FakeEmbedder):
        async def vectors(self, passages, repository):
            await asyncio.Event().wait()

    monkeypatch.setattr(ranker, "_SECONDS", 0.01)
    told: list[str] = []
    assert await Ranker(Memory(told.append), Slow()).order(Passage("c"), passages("a", "c")) == [0, 1]
    assert told == ["embed: comparing texts took more than 0.01 s"]


async def test_cancelled_it_is_over() -> None:
    begun = asyncio.Event()

    class Slow(FakeEmbedder):
        async def vectors(self, passages, repository):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(Ranker(Memory(), Slow()).order(Passage("c"), passages("a", "c")))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("numbers", [[], [0.0, 0.0], [float("nan")], [[1.0]], [float("inf"), 1.0]])
def test_no_vector(numbers) -> None:
    with pytest.raises(ValueError, match="no direction"):
        normalised(numbers)


async def test_what_a_model_wants_before_texts() -> None:
    embedder = FakeEmbedder()
    one = Ranker(Memory(), embedder, before_query="query: ", before_text="text: ")
    await one.order(Passage("c"), passages("a", "b"))
    assert embedder.texts == ["query: c", "text: a", "text: b"]
