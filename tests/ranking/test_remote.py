"""Vectors and scores from a provider: what it is sent, what is made of its answer, and all that can go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ai_lsp.permissions.audit import AuditLog
from ai_lsp.providers.chat import NotAllowed, Part, ProviderError
from ai_lsp.ranking.ranker import Memory, Ranker
from ai_lsp.ranking.remote import RemoteEmbedder, RemoteReranker
from ai_lsp.ranking.vectors import Passage
from tests.providers.behaviours import FAULTS as ANY_FAULTS
from tests.providers.behaviours import cancelled_once_asked, drips, mute, replies
from tests.providers.conftest import Remote
from tests.providers.endpoint import Behaviour, Endpoint, Exchange
from tests.providers.llama_server import llama_server
from tests.providers.secrets_planted import planted

TEXTS = (
    "def add(a, b):\n    return a + b\n",
    "The weather in Paris is fine today.",
    "SELECT name FROM customers;",
    "async function fetchUser(id: string) { return await get(`/users/${id}`); }",
)
PASSAGES = [Passage(text, Part("index", f"/work/{number}.py")) for number, text in enumerate(TEXTS)]
QUERY = Passage("how are two numbers added?")
Make = Callable[..., Any]


@pytest.fixture
def embedder(remote: Remote) -> Make:
    def make(url: str, **settings: object) -> RemoteEmbedder:
        model = remote(url, **settings)
        return RemoteEmbedder(model.provider, model.model, model.outlet)

    return make


@pytest.fixture
def reranker(remote: Remote) -> Make:
    def make(url: str, **settings: object) -> RemoteReranker:
        model = remote(url, **settings)
        return RemoteReranker(model.provider, model.model, model.outlet)

    return make


async def gives_vectors(exchange: Exchange) -> None:
    """Answer as `/embeddings` does, the last text first."""
    texts: Any = exchange.json["input"]
    data = [{"index": at, "embedding": [len(text), 1.0]} for at, text in enumerate(texts)]
    usage = {"prompt_tokens": 5, "total_tokens": 5}
    await exchange.reply("200 OK", json.dumps({"object": "list", "data": data[::-1], "usage": usage}))


async def gives_scores(exchange: Exchange) -> None:
    """Answer as `/rerank` does: the longest text is best."""
    texts: Any = exchange.json["documents"]
    found = [{"index": at, "relevance_score": len(text) / 100} for at, text in enumerate(texts)]
    await exchange.reply("200 OK", json.dumps({"results": sorted(found, key=lambda one: -one["relevance_score"])}))


def says(**answer: object) -> Behaviour:
    return replies("200 OK", json.dumps(answer))


async def test_vectors(embedder: Make, audit: AuditLog) -> None:
    async with Endpoint(gives_vectors).listening() as endpoint:
        found = await embedder(endpoint.url).vectors(PASSAGES, "/work")
        (request,) = endpoint.requests
        assert request.head.startswith("POST /v1/embeddings ")
        assert request.json == {"model": "qwen3", "input": list(TEXTS)}
    lengths = [round(float(vector[0] / vector[1])) for vector in found]
    assert lengths == [len(text) for text in TEXTS]
    (entry,) = audit.entries()
    assert (entry.role, entry.model, entry.outcome, entry.tokens_sent) == ("embed", "qwen3", "answered", 5)
    assert (entry.kinds, entry.repository) == (("index",), "/work")
    assert entry.files == tuple(f"/work/{number}.py" for number in range(4))


@pytest.mark.parametrize(("kind", "path"), [("openai", "/v1/rerank"), ("llama-server", "/v1/rerank")])
async def test_scores(kind: str, path: str, reranker: Make, audit: AuditLog) -> None:
    async with Endpoint(gives_scores).listening() as endpoint:
        url = endpoint.url if kind == "openai" else endpoint.url.removesuffix("/v1")
        found = await reranker(url, kind=kind).scores(QUERY, PASSAGES, "/work")
        (request,) = endpoint.requests
        assert request.head.startswith(f"POST {path} ")
        assert request.json == {"model": "qwen3", "query": QUERY.text, "documents": list(TEXTS)}
    assert found == {at: len(text) / 100 for at, text in enumerate(TEXTS)}
    assert audit.entries()[0].role == "rerank"


async def test_some_call_the_scores_data(reranker: Make) -> None:
    async with Endpoint(says(data=[{"index": 1, "relevance_score": 0.5}])).listening() as endpoint:
        assert await reranker(endpoint.url).scores(QUERY, PASSAGES, "") == {1: 0.5}


BAD_VECTORS = {
    "none": {},
    "no list": {"data": 7},
    "too few": {"data": [{"index": 0, "embedding": [1.0]}]},
    "twice the same": {"data": [{"index": 0, "embedding": [1.0]}] * 4},
    "zeros": {"data": [{"index": at, "embedding": [0.0]} for at in range(4)]},
    "no numbers": {"data": [{"index": at, "embedding": ["x"]} for at in range(4)]},
    "not numbers": {"data": [{"index": at, "embedding": [float("nan")]} for at in range(4)]},
    "base64": {"data": [{"index": at, "embedding": "AAAA"} for at in range(4)]},
    "ragged": {"data": [{"index": at, "embedding": [1.0] * (1 + at % 2)} for at in range(4)]},
    "per token": {"data": [{"index": at, "embedding": [[1.0], [2.0]]} for at in range(4)]},
}


@pytest.mark.parametrize("name", BAD_VECTORS)
async def test_what_are_no_vectors(name: str, embedder: Make, audit: AuditLog) -> None:
    async with Endpoint(says(**BAD_VECTORS[name])).listening() as endpoint:
        with pytest.raises(ProviderError, match="something that is no comparison of texts") as caught:
            await embedder(endpoint.url).vectors(PASSAGES, "")
    assert str(caught.value).isprintable()
    assert audit.entries()[0].outcome == str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"results": [{"index": 9, "relevance_score": 1.0}]},
        {"results": [{"index": -1, "relevance_score": 1.0}]},
        {"results": [{"index": 0}]},
        {"results": [{"index": 0, "relevance_score": float("nan")}]},
        {"results": 3},
        {"results": [3]},
    ],
)
async def test_what_are_no_scores(answer: dict[str, object], reranker: Make) -> None:
    async with Endpoint(says(**answer)).listening() as endpoint:
        with pytest.raises(ProviderError, match="something that is no comparison of texts"):
            await reranker(endpoint.url).scores(QUERY, PASSAGES, "")


FAULTS = {
    **ANY_FAULTS,
    "a page": (replies("200 OK", "<html></html>", "text/html"), "no comparison of texts (text/html)"),
    "deep": (replies("200 OK", "[" * 100_000), "no comparison of texts (application/json)"),
    "an error": (says(error={"message": "out of memory"}), "stopped: out of memory"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_told_and_the_order_stays(name: str, embedder: Make, reranker: Make) -> None:
    behaviour, message = FAULTS[name]
    told: list[str] = []
    async with Endpoint(behaviour).listening() as endpoint:
        one = Ranker(Memory(told.append), embedder(endpoint.url), reranker(endpoint.url))
        assert await one.order(QUERY, PASSAGES) == [0, 1, 2, 3]
    assert [one.partition(": ")[0] for one in told] == ["embed", "rerank"]
    assert message in told[0] and message in told[1]


@pytest.mark.parametrize("behaviour", [drips, mute])
async def test_a_slow_one_is_not_waited_for(behaviour: Behaviour, embedder: Make) -> None:
    told: list[str] = []
    async with Endpoint(behaviour).listening() as endpoint:
        one = Ranker(Memory(told.append), embedder(endpoint.url, total_seconds=0.3))
        assert await asyncio.wait_for(one.order(QUERY, PASSAGES), 20) == [0, 1, 2, 3]
    assert "took more than 0.3 s" in told[0]


async def test_cancelled_the_connection_is_closed(embedder: Make, audit: AuditLog) -> None:
    await cancelled_once_asked(lambda url: embedder(url).vectors(PASSAGES, ""))
    assert audit.entries()[0].outcome == "cancelled"


async def test_what_may_not_go_there_stays(embedder: Make, reranker: Make, audit: AuditLog) -> None:
    """Of one file nothing may be read, and of another kind nothing be sent."""
    some = [*PASSAGES, Passage("KEEP = 1", Part("index", "/work/.env")), Passage("GIT = 1", Part("git"))]
    allowed = [{"provider": "team", "allow": ["index"]}]
    async with Endpoint(gives_vectors).listening() as endpoint:
        one = Ranker(Memory(), embedder(endpoint.url, permissions=allowed))
        await one.order(QUERY, some)
        assert b"KEEP" not in endpoint.received and b"GIT" not in endpoint.received
        assert b"def add" in endpoint.received
    async with Endpoint(gives_scores).listening() as endpoint:
        one = Ranker(Memory(), reranker=reranker(endpoint.url, permissions=allowed))
        assert (await one.order(QUERY, some))[4:] == [4, 5]
        assert b"KEEP" not in endpoint.received and b"GIT" not in endpoint.received
    assert all(entry.kinds == ("index",) for entry in audit.entries())


@pytest.mark.parametrize("permissions", [[], [{"provider": "team", "allow": ["code"]}]])
async def test_without_permission_no_byte_leaves(
    permissions: list[object], embedder: Make, reranker: Make
) -> None:
    told: list[str] = []
    async with Endpoint(gives_vectors).listening() as endpoint:
        settings = {"permissions": permissions}
        one = Ranker(Memory(told.append), embedder(endpoint.url, **settings))
        assert await one.order(QUERY, PASSAGES, "/work") == [0, 1, 2, 3]
        other = Ranker(Memory(told.append), reranker=reranker(endpoint.url, **settings))
        assert await other.order(QUERY, PASSAGES, "/work") == [0, 1, 2, 3]
        assert endpoint.received == b""
    assert len(told) == 2
    assert all("nothing allows index of /work/0.py to team" in one for one in told)


async def test_code_that_is_asked_with_needs_permission_too(embedder: Make) -> None:
    query = Passage("def add", Part("code", "/work/a.py"))
    async with Endpoint(gives_vectors).listening() as endpoint:
        one = embedder(endpoint.url, permissions=[{"provider": "team", "allow": ["index"]}])
        with pytest.raises(NotAllowed, match="nothing allows code"):
            await one.vectors([query, *PASSAGES], "")
        assert endpoint.received == b""


async def test_no_secret_is_in_any_byte(embedder: Make, reranker: Make, audit: AuditLog) -> None:
    secrets = planted(100)
    texts = [f"def line_{number}():  # {line}\n{line}" for number, (line, _value) in enumerate(secrets)]
    some = [Passage(text, Part("index", "/work/a.py")) for text in texts]
    query = Passage("\n".join(line for line, _value in secrets[:8]))
    for behaviour in (gives_vectors, gives_scores):
        async with Endpoint(behaviour).listening() as endpoint:
            settings = {"audit": {"text": True}}
            if behaviour is gives_vectors:
                one = Ranker(Memory(), embedder(endpoint.url, **settings))
            else:
                one = Ranker(Memory(), reranker=reranker(endpoint.url, **settings))
            for start in range(0, 100, 12):
                await one.order(query, some[start : start + 12])
            assert [value for _line, value in secrets if value.encode() in endpoint.received] == []
            assert b"def line_99()" in endpoint.received
    assert not any(value in repr(audit.entries()) for _line, value in secrets)


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with llama_server("vectors") as url:
        yield url


@pytest.mark.parametrize(("kind", "path"), [("openai", "/v1"), ("llama-server", "")])
async def test_a_real_llama_server(kind: str, path: str, real: str, embedder: Make) -> None:
    one = embedder(real + path, kind=kind)
    vectors = await one.vectors(PASSAGES, "")
    for at, passage in enumerate(PASSAGES):
        order = await Ranker(Memory(), one).order(Passage(passage.text), PASSAGES)
        assert order[0] == at
    assert len({len(vector) for vector in vectors}) == 1


async def test_a_real_llama_server_without_vectors_says_so(reranker: Make, real: str) -> None:
    with pytest.raises(ProviderError, match=r"\(5\d\d|4\d\d\)"):
        await reranker(real + "/v1").scores(QUERY, PASSAGES, "")
