"""What chat finds with `@repo`, put in order by a model at a provider; the order of the index where that fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import Acting, Json, started
from tests.e2e.conftest import Start
from tests.providers.behaviours import mute, replies
from tests.providers.endpoint import Behaviour, Endpoint, Exchange
from tests.providers.llama_server import llama_server
from tests.providers.secrets_planted import planted

ALLOWED = '[[permissions]]\nprovider = "team"\nallow = ["all"]\n'
FRUIT = "\n".join(f"fruit_{number} = sell_fruit({number})" for number in range(16)) + "\n"


async def compares(exchange: Exchange) -> None:
    """Of vectors those are alike that both know of apples; of scores the same."""
    asked: Any = exchange.json
    if "input" in asked:
        data = [{"index": n, "embedding": [1.0, 9.0 * ("apple" in text)]} for n, text in enumerate(asked["input"])]
        await exchange.reply("200 OK", json.dumps({"data": data}))
    else:
        texts = asked["documents"]
        found = [{"index": n, "relevance_score": float("apple" in text)} for n, text in enumerate(texts)]
        await exchange.reply("200 OK", json.dumps({"results": found}))


async def files_of(acting: Acting) -> int:
    """How many files the index has, once it is ready."""
    state = (await acting.client.command("ai-lsp.status"))["index"].get(str(acting.folder), {})
    return state["files"] if state.get("kind") == "ready" else 0


@pytest.fixture
def configured(tmp_path: Path, launch: Start) -> Callable[..., Any]:
    """Starts a server in a repository of six files about fruit among others; the last one knows of apples."""

    async def start(url: str, roles: str, more: str = "", answer: str = "Allow", secrets: int = 60) -> Acting:
        one = Acting(tmp_path)
        for number in range(6):
            text = FRUIT.replace("15 = ", "15 = 'apple', ") if number == 5 else FRUIT
            (one.folder / f"fruit_{number}.py").write_text(text)
        for number in range(90):
            (one.folder / f"other_{number}.py").write_text(f"value_{number} = {number}\n" * 16)
        (one.folder / "secrets.py").write_text(
            "\n".join(f"sell_fruit = {line!r}" for line, _value in planted(secrets))
        )
        provider = f'[[providers]]\nname = "team"\nmodel = "qwen3"\nurl = "{url}"\n{more}\n{ALLOWED}'
        (tmp_path / "config.toml").write_text(f"{provider}[roles]\n{roles}\n")

        def answers(request: Json) -> Any:
            if request["method"] == "window/showMessageRequest":
                return {"title": answer}
            return one.answer(request)

        one.client = await started(launch, one)
        one.client.answer = answers
        one.open()
        while not await files_of(one):
            await asyncio.sleep(0.05)  # an index says how it comes along only when it is asked
        one.says("Here.")
        return one

    return start


async def ask(acting: Acting, message: str = "@repo where is sell_fruit called with an apple?") -> list[str]:
    """The names of the files that were shown to the chat model, in their order."""
    found = (await acting.client.request("ai-lsp/chat", {"message": message})).result
    assert found.get("message") == "Here.", found
    return [Path(used["path"]).name for used in found["used"]]


@pytest.mark.parametrize("roles", ['embed = "team"', 'rerank = "team"', 'embed = "team"\nrerank = "team"'])
async def test_the_best_comes_first(roles: str, configured: Callable[..., Any]) -> None:
    async with Endpoint(compares).listening() as endpoint:
        acting = await configured(endpoint.url, roles)
        assert (await ask(acting))[0] == "fruit_5.py"
        asked = {"embed": "/v1/embeddings", "rerank": "/v1/rerank"}
        assert {one.head.split()[1] for one in endpoint.requests} == {
            asked[name] for name in asked if name in roles
        }
        assert [value for _line, value in planted(60) if value.encode() in endpoint.received] == []
        assert acting.client.statuses == [] or acting.client.statuses[-1]["params"]["kind"] != "Warning"


@pytest.mark.parametrize(
    ("behaviour", "more", "problem"),
    [
        (replies("500 Error"), "", "failed (500)"),
        (replies("200 OK", "nonsense"), "", "no comparison of texts"),
        (mute, "total_seconds = 0.3", "took more than 0.3 s"),
    ],
)
async def test_where_it_fails_the_order_of_the_index_is_used(
    behaviour: Behaviour, more: str, problem: str, configured: Callable[..., Any]
) -> None:
    async with Endpoint(behaviour).listening() as endpoint:
        acting = await configured(endpoint.url, 'embed = "team"\nrerank = "team"', more)
        assert await ask(acting)
        told = [one["params"]["message"] for one in acting.client.statuses if one["params"]["kind"] == "Warning"]
        assert [one.partition(": ")[0] for one in told] == ["embed", "rerank"]
        assert problem in told[0] and problem in told[1]
        assert all(one.endswith("; the order of the index is used") for one in told)


async def test_a_no_of_the_user_leaves_no_byte(configured: Callable[..., Any]) -> None:
    async with Endpoint(compares).listening() as endpoint:
        acting = await configured(endpoint.url, 'embed = "team"', answer="Not now")
        assert await ask(acting)
        assert endpoint.received == b""
        await acting.client.until(
            lambda: any(
                "you have not confirmed team" in one["params"]["message"] for one in acting.client.statuses
            )
        )


async def test_swapped_while_it_is_asked(configured: Callable[..., Any], tmp_path: Path) -> None:
    async with Endpoint(compares).listening() as endpoint:
        acting = await configured(endpoint.url, 'embed = "team"')
        before = [asyncio.create_task(ask(acting)) for _ in range(3)]
        assert await acting.client.command("ai-lsp.use-model", "embed", "none") == "none"
        after = await ask(acting)
        assert all(names for names in await asyncio.gather(*before))
        count = len(endpoint.requests)
        assert await ask(acting, "@repo an apple, once more?") and after
        assert len(endpoint.requests) == count
        assert await acting.client.command("ai-lsp.use-model", "embed", "local") == "local"
        assert await ask(acting)
        assert len(endpoint.requests) == count


async def test_a_real_llama_server(configured: Callable[..., Any]) -> None:
    with llama_server("vectors") as url:
        acting = await configured(url, 'embed = "team"', 'kind = "llama-server"', secrets=0)
        assert await ask(acting)
        assert not [one for one in acting.client.statuses if one["params"]["kind"] == "Warning"]
