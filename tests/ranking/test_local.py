"""Vectors from the default model in this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gguf import PoolingType

from ai_lsp.engine.llama import ContextSettings
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.models.store import resolve
from ai_lsp.providers.chat import ProviderError
from ai_lsp.ranking.local import LocalEmbedder, LocalReranker
from ai_lsp.ranking.ranker import Memory, Ranker
from ai_lsp.ranking.remote import RemoteEmbedder, RemoteReranker
from ai_lsp.ranking.vectors import Passage
from tests.providers.conftest import Remote
from tests.providers.llama_server import llama_server
from tests.ranking.bert import WIDTH, write_bert
from tests.ranking.test_remote import PASSAGES

SECONDS = 60


@pytest.mark.parametrize("pooling", [PoolingType.CLS, PoolingType.MEAN])
async def test_a_model_that_only_reads(pooling: PoolingType, tmp_path: Path, precedence: Precedence) -> None:
    """As most embedding models are: no KV, all of a text in one batch, and its own way to pool."""
    one = LocalEmbedder(settings(write_bert(tmp_path / "bert.gguf", pooling)), precedence, None)
    texts = [*PASSAGES, Passage("x " * 2000)]
    vectors = await one.vectors(texts, "")
    assert {len(vector) for vector in vectors} == {WIDTH}
    for _ in range(10):
        task = asyncio.create_task(one.vectors(texts, ""))
        await asyncio.sleep(0)
        precedence.begin(now=True)
        precedence.end()
        assert all(float(vector @ again) > 0.999 for vector, again in zip(vectors, await task, strict=True))
    one.close()


async def test_a_reranker_scores_texts(tmp_path: Path, precedence: Precedence) -> None:
    one = LocalReranker(settings(write_bert(tmp_path / "bert.gguf", PoolingType.RANK)), precedence, None)
    query, texts = Passage("a b c"), [*PASSAGES, PASSAGES[0], Passage("x " * 2000)]
    scores = await one.scores(query, texts, "")
    assert len({round(score, 4) for score in scores.values()}) == len(texts) - 1
    assert scores[0] == pytest.approx(scores[4], abs=1e-3)
    assert (await one.scores(Passage("z " * 2000), texts, ""))[0] != pytest.approx(scores[0], abs=1e-3)
    for _ in range(10):
        task = asyncio.create_task(one.scores(query, texts, ""))
        await asyncio.sleep(0)
        precedence.begin(now=True)
        precedence.end()
        assert await task == pytest.approx(scores, abs=1e-3)
    order = await Ranker(Memory(), reranker=one).order(query, texts)
    assert order == sorted(range(len(texts)), key=lambda at: -scores[at])
    one.close()


async def test_a_real_llama_server_scores_alike(tmp_path: Path, precedence: Precedence, remote: Remote) -> None:
    path = write_bert(tmp_path / "bert.gguf", PoolingType.RANK)
    one = LocalReranker(settings(path), precedence, None)
    query, *texts = [Passage(passage.text[:24]) for passage in PASSAGES]
    here = await one.scores(query, texts, "")
    one.close()
    with llama_server("reranker", path) as url:
        for kind, base in (("openai", f"{url}/v1"), ("llama-server", url)):
            model = remote(base, kind=kind)
            other = RemoteReranker(model.provider, model.model, model.outlet)
            assert await other.scores(query, texts, "") == pytest.approx(here, abs=1e-2)


async def test_a_real_llama_server_makes_the_same_vectors(embedder: LocalEmbedder, remote: Remote) -> None:
    here = await embedder.vectors(PASSAGES, "")
    with llama_server("vectors") as url:
        model = remote(url, kind="llama-server")
        there = await RemoteEmbedder(model.provider, model.model, model.outlet).vectors(PASSAGES, "")
    assert all(float(one @ other) > 0.99 for one, other in zip(here, there, strict=True))


async def test_each_model_can_do_one_of_both(tmp_path: Path, precedence: Precedence) -> None:
    path = write_bert(tmp_path / "bert.gguf", PoolingType.RANK)
    one = LocalEmbedder(settings(path), precedence, None)
    with pytest.raises(ProviderError, match="gives no vector of a whole text: choose an embedding model"):
        await one.vectors(PASSAGES, "")
    one.close()
    other = LocalReranker(settings(resolve("smollm2-135m").path), precedence, None)
    with pytest.raises(ProviderError, match="does not compare texts: choose a reranker"):
        await other.scores(PASSAGES[0], PASSAGES, "")
    other.close()


def settings(path: Path) -> EngineSettings:
    return EngineSettings(path, "smollm2", ContextSettings(threads=2))


@pytest.fixture
def precedence() -> Precedence:
    return Precedence()


@pytest.fixture
def embedder(precedence: Precedence) -> Iterator[LocalEmbedder]:
    one = LocalEmbedder(settings(resolve("smollm2-135m").path), precedence, None)
    yield one
    one.close()


async def test_a_text_is_nearest_to_itself(embedder: LocalEmbedder) -> None:
    memory = Memory()
    for at, passage in enumerate(PASSAGES):
        order = await Ranker(memory, embedder).order(Passage(passage.text), PASSAGES)
        assert order[0] == at
    vectors = await embedder.vectors(PASSAGES, "")
    assert all(abs(float(vector @ vector) - 1) < 1e-4 for vector in vectors)
    assert max(float(vectors[0] @ other) for other in vectors[1:]) < 0.999


async def test_the_same_text_has_the_same_vector_whatever_came_before(embedder: LocalEmbedder) -> None:
    first, _, again = await embedder.vectors([PASSAGES[0], PASSAGES[1], PASSAGES[0]], "")
    assert float(first @ again) > 0.9999


async def test_long_empty_and_strange_texts(embedder: LocalEmbedder) -> None:
    texts = ["x = 1\n" * 5000, "", "\ud800 \x00 é€"]
    assert len(await embedder.vectors([Passage(text) for text in texts], "")) == 3


async def test_it_waits_while_a_completion_is_wanted(embedder: LocalEmbedder, precedence: Precedence) -> None:
    (free,) = await embedder.vectors([PASSAGES[0]], "")
    precedence.begin(now=True)
    task = asyncio.create_task(embedder.vectors([PASSAGES[0]], ""))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done()
    precedence.end()
    for _ in range(20):
        precedence.begin(now=True)
        precedence.end()
    (held,) = await asyncio.wait_for(task, SECONDS)
    assert float(free @ held) > 0.9999


async def test_cancelled_it_takes_the_next(embedder: LocalEmbedder) -> None:
    task = asyncio.create_task(embedder.vectors([Passage("y = 2\n" * 400)] * 100, ""))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(await asyncio.wait_for(embedder.vectors([PASSAGES[0]], ""), SECONDS)) == 1


async def test_retired_it_still_answers_and_then_gives_the_memory_back(embedder: LocalEmbedder) -> None:
    asked = asyncio.create_task(embedder.vectors(PASSAGES, ""))
    await asyncio.sleep(0)
    embedder.retire()
    assert len(await asked) == 4
    thread = next((one for one in threading.enumerate() if one.name == "ai-lsp ranking"), None)
    if thread is not None:
        await asyncio.to_thread(thread.join, SECONDS)
    assert not embedder.loaded
    assert len(await embedder.vectors([PASSAGES[0]], "")) == 1


async def test_closed_it_says_so(embedder: LocalEmbedder, precedence: Precedence) -> None:
    precedence.begin(now=True)
    task = asyncio.create_task(embedder.vectors(PASSAGES, ""))
    await asyncio.sleep(0)
    await asyncio.to_thread(embedder.close)
    with pytest.raises(ProviderError):
        await task
    with pytest.raises(ProviderError, match="the model was closed"):
        await embedder.vectors(PASSAGES, "")


async def test_a_file_that_is_no_model_is_told_and_the_order_stays(tmp_path: Path, precedence: Precedence) -> None:
    path = tmp_path / "half.gguf"
    path.write_bytes(b"GGUF")
    told: list[str] = []
    one = LocalEmbedder(settings(path), precedence, None)
    assert await Ranker(Memory(told.append), one).order(Passage("x"), PASSAGES) == [0, 1, 2, 3]
    assert "smollm2: llama.cpp cannot load" in told[0]
