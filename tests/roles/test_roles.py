"""The models of edit and chat, made when wanted and given up when others are."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from gguf import PoolingType

from ai_lsp.config import Layer, merge
from ai_lsp.engine.precedence import Precedence
from ai_lsp.models.store import resolve
from ai_lsp.options import Options
from ai_lsp.permissions.audit import AuditLog
from ai_lsp.permissions.consent import Consent
from ai_lsp.permissions.gate import Gate
from ai_lsp.providers.chat import Message, ProviderError, Wish
from ai_lsp.providers.outlet import Outlet
from ai_lsp.ranking.vectors import Passage
from ai_lsp.roles.roles import Roles
from tests.ranking.bert import write_bert

CAPITAL = "Complete the sentence: The capital of France is"
"""Each token of the answer is 20 times as likely as the next one: no CPU's rounding makes it another. To "What is
the capital of France?" the default model begins with "The" or "La", which are 0.1 nats apart."""


def options(**values) -> Options:
    return merge([Layer("config.toml", values)]).options


@pytest.fixture
def roles(tmp_path: Path) -> Roles:
    async def no(_question: str) -> bool:
        return False

    gate = Gate(Consent(tmp_path, no), lambda _path: True)
    return Roles(Precedence(), Outlet(gate, AuditLog(tmp_path)))


def wish(text: str, max_tokens: int = 12) -> Wish:
    return Wish((Message("system", "You are a helpful assistant."), Message("user", text)), max_tokens)


async def answer(model, wish: Wish) -> str:
    return "".join([piece async for piece in model.stream(wish)])


def test_edit_and_chat_are_one_model_without_configuration(roles: Roles) -> None:
    roles.use(Options())
    assert roles.model("edit") is roles.model("chat", language="python", path="/x/a.py")
    assert roles.model("chat").title == "smollm2-135m"
    assert roles.model("chat").context_tokens == 4096


def test_a_model_that_is_not_installed_is_told_with_how_to_get_it(roles: Roles) -> None:
    roles.use(options(roles={"chat": "qwen2.5-coder-7b"}))
    with pytest.raises(ProviderError, match=r"ai-lsp models pull qwen2\.5-coder-7b"):
        roles.model("chat")


def test_a_provider_that_is_not_there_is_told(roles: Roles) -> None:
    roles.use(options(roles={"chat": "team:x"}))
    with pytest.raises(ProviderError, match="no provider is called 'team'"):
        roles.model("chat")


def test_what_does_not_change_stays(roles: Roles) -> None:
    roles.use(Options())
    chat = roles.model("chat")
    roles.use(options(completion={"max_tokens": 9}))
    assert roles.model("chat") is chat
    roles.use(options(roles={"context_tokens": 1024}))
    assert roles.model("chat") is not chat


def test_the_model_that_completes(roles: Roles) -> None:
    roles.use(Options())
    assert roles.completes() == Options().model
    roles.use(options(roles={"autocomplete": "local:other"}))
    assert roles.completes().name == "other"


async def test_who_continues_code(roles: Roles) -> None:
    def file() -> str:
        return "/work/a.rs"

    roles.use(Options())
    assert roles.completer("rust", file) is None
    team = {"name": "team", "url": "https://models.example.com/v1", "model": "general"}
    by = [{"role": "autocomplete", "model": "local", "folders": ["/work/secret"]}]
    by += [{"role": "autocomplete", "model": "team:rust", "languages": ["rust"]}]
    roles.use(options(providers=[team], roles={"autocomplete": "team", "by": by}))
    rust, python = roles.completer("rust", file), roles.completer("python", file)
    assert rust is not None
    assert python is not None
    assert (rust.title, python.title) == ("rust at team", "general at team")
    assert roles.completer("rust", file) is rust
    assert roles.completer("python", lambda: "/work/secret/a.py") is None
    await roles.close()


async def test_the_default_model_answers(roles: Roles) -> None:
    roles.use(Options())
    assert "Paris" in await answer(roles.model("chat"), wish(CAPITAL))
    await roles.close()


async def test_a_swap_loses_no_answer(roles: Roles) -> None:
    roles.use(Options())
    old = roles.model("chat")
    stream = old.stream(wish("Count from one to twenty.", 40))
    pieces = [await anext(stream)]
    roles.use(options(roles={"context_tokens": 1024}))
    pieces += [piece async for piece in stream]
    assert len(pieces) > 5
    assert "Paris" in await answer(old, wish(CAPITAL))
    assert "Paris" in await answer(roles.model("chat"), wish(CAPITAL))
    await roles.close()


async def test_closed_within_an_answer_the_next_one_comes_at_once(roles: Roles) -> None:
    roles.use(Options())
    model = roles.model("chat")
    stream = model.stream(wish("Tell me a long story.", 2000))
    await anext(stream)
    await stream.aclose()
    assert "Paris" in await answer(model, wish(CAPITAL))
    await roles.close()


async def test_a_model_that_cannot_be_read_is_told(roles: Roles, tmp_path: Path) -> None:
    path = tmp_path / "half.gguf"
    path.write_bytes(b"GGUF")
    roles.use(options(roles={"chat": str(path)}))
    with pytest.raises(ProviderError, match=r"half: llama\.cpp cannot load"):
        await answer(roles.model("chat"), wish("Hi"))


PASSAGES = [Passage(text) for text in ("The weather is fine.", "def add(a, b): return a + b", "SELECT 1;")]


def test_nothing_is_put_in_order_unless_a_model_is_named(roles: Roles) -> None:
    roles.use(Options())
    assert roles.ranker() is None


@pytest.mark.parametrize("model", ["qwen2.5-coder-7b", "team:x"])
async def test_one_that_cannot_be_had_is_told(model: str, tmp_path: Path) -> None:
    told: list[str] = []
    roles = Roles(
        Precedence(), Outlet(Gate(Consent(tmp_path, None), lambda _path: True), AuditLog(tmp_path)), told.append
    )
    roles.use(options(roles={"embed": model}))
    assert roles.ranker() is None
    assert len(told) == 1


async def test_another_one_takes_over_while_the_first_still_answers(roles: Roles, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.symlink_to(resolve("smollm2-135m").path)
    roles.use(options(roles={"embed": "local"}))
    first = roles.ranker()
    assert (first.before_query, first.before_text) == ("", "")
    assert roles.ranker().embedder is first.embedder
    asked = asyncio.create_task(first.order(PASSAGES[1], PASSAGES))
    await asyncio.sleep(0)
    roles.use(options(roles={"embed": str(other)}))
    second = roles.ranker()
    assert (first.embedder.title, second.embedder.title) == ("smollm2-135m", "other")
    assert (await asked)[0] == (await second.order(PASSAGES[1], PASSAGES))[0] == 1
    roles.use(Options())
    assert roles.ranker() is None
    await roles.close()


async def test_by_language(roles: Roles) -> None:
    team = {"name": "team", "url": "https://models.example.com/v1"}
    by = [{"role": "rerank", "model": "team:bge", "languages": ["c"]}]
    roles.use(options(providers=[team], roles={"by": by}))
    assert roles.ranker(language="python") is None
    assert roles.ranker(language="c").reranker.title == "bge at team"
    await roles.close()


async def test_what_its_model_wants_before_texts(roles: Roles) -> None:
    roles.use(options(roles={"embed": "local", "embed_query_prefix": "query: ", "embed_text_prefix": "text: "}))
    assert (roles.ranker().before_query, roles.ranker().before_text) == ("query: ", "text: ")
    await roles.close()


async def test_a_reranker_comes_and_goes(roles: Roles, tmp_path: Path) -> None:
    path = write_bert(tmp_path / "bert.gguf", PoolingType.RANK)
    roles.use(options(roles={"rerank": str(path)}))
    one = roles.ranker()
    assert roles.ranker().reranker is one.reranker
    assert sorted(await one.order(PASSAGES[1], PASSAGES)) == [0, 1, 2]
    roles.use(Options())
    assert roles.ranker() is None
    assert sorted(await one.order(PASSAGES[1], PASSAGES)) == [0, 1, 2]
    await roles.close()
