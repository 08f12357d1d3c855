"""What actions show a provider of the rest of a repository: what is allowed, and no secret of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.actions.test_gathering import GOOD, INVOICE, ORDER, TAXES
from tests.e2e.acting import FULL, Acting, Json, edited
from tests.e2e.conftest import Start
from tests.e2e.test_ranking import compares, files_of
from tests.providers.endpoint import Endpoint, Exchange
from tests.providers.secrets_planted import planted


async def writes(exchange: Exchange) -> None:
    """Answer the chat of an action, and compare texts."""
    if "messages" not in exchange.json:
        await compares(exchange)
        return
    await exchange.begin_stream()
    await exchange.delta(f"```python\n{GOOD}\n```\n")
    await exchange.end_stream()


@pytest.fixture
def shop(tmp_path: Path, launch: Start) -> Callable[..., Any]:
    """Starts a server in a shop's repository, in which a function has no body yet."""

    async def start(url: str, allow: str, more: str = "") -> Acting:
        one = Acting(tmp_path)
        secrets = "\n".join(f"# {line}" for line, _value in planted(20))
        (one.folder / "taxes.py").write_text(TAXES)
        (one.folder / "invoices.py").write_text(INVOICE + secrets)
        for number in range(40):
            (one.folder / f"other_{number}.py").write_text(f"value_{number} = {number}\n" * 16)
        provider = f'[[providers]]\nname = "team"\nmodel = "qwen3"\nurl = "{url}"\n'
        permission = f'[[permissions]]\nprovider = "team"\nallow = {allow}\n'
        (tmp_path / "config.toml").write_text(f'{provider}{permission}[roles]\nedit = "team"\n{more}\n')

        def answers(request: Json) -> Any:
            if request["method"] == "window/showMessageRequest":
                return {"title": "Allow"}
            return one.answer(request)

        one.client = await launch(root=one.folder.as_uri(), capabilities=FULL, answer=answers)
        one.open(ORDER, "orders.py")
        while not await files_of(one):
            await asyncio.sleep(0.05)  # an index says how it comes along only when it is asked
        return one

    return start


@pytest.mark.parametrize(
    ("allow", "similar", "definition"),
    [('["all"]', True, True), ('["code", "index"]', True, False), ('["code", "other_files"]', False, True)],
)
async def test_what_is_allowed_is_shown(
    allow: str, similar: bool, definition: bool, shop: Callable[..., Any]
) -> None:
    async with Endpoint(writes).listening() as endpoint:
        acting = await shop(endpoint.url, allow)
        action = await acting.action("Complete", 3)
        found = await acting.client.command("ai-lsp.run", action["data"])
        assert (found["applied"], found["error"]) == (True, "")
        assert (b"def invoice_total" in endpoint.received) == similar
        kinds = {one["kind"] for one in found["used"]}
        assert kinds == {"code"} | ({"index"} if similar else set()) | ({"other_files"} if definition else set())
        assert [value for _line, value in planted(20) if value.encode() in endpoint.received] == []
        assert edited(ORDER, acting.applied[0]["edit"]) == ORDER.replace("...", GOOD)


async def test_a_model_puts_similar_code_in_order(shop: Callable[..., Any]) -> None:
    async with Endpoint(writes).listening() as endpoint:
        acting = await shop(endpoint.url, '["all"]', 'embed = "team:vectors"\nrerank = "team:scores"')
        assert (await acting.resolved("Complete", 3))["edit"]
        paths = [request.head.split()[1] for request in endpoint.requests]
        assert paths == ["/v1/embeddings", "/v1/rerank", "/v1/chat/completions"]
        assert "def invoice_total" in endpoint.requests[-1].body
        assert [value for _line, value in planted(20) if value.encode() in endpoint.received] == []


async def test_where_comparing_fails_the_action_goes_on(shop: Callable[..., Any]) -> None:
    async with Endpoint(writes).listening() as endpoint:
        acting = await shop(endpoint.url, '["all"]', 'embed = "local:qwen2.5-coder-7b"')
        assert (await acting.resolved("Complete", 3))["edit"]
        (told,) = [one["params"] for one in acting.client.statuses if one["params"]["kind"] == "Warning"]
        assert "ai-lsp models pull qwen2.5-coder-7b" in told["message"]
        assert "def invoice_total" in endpoint.requests[-1].body
