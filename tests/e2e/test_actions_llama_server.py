"""Actions and chat with a real llama-server as OpenAI-compatible endpoint on loopback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.acting import FULL, LINES, SECONDS, TEXT, Acting, Json, edited
from tests.e2e.conftest import Start
from tests.e2e.test_code_action import DIAGNOSTIC
from tests.providers.llama_server import llama_server

SETTINGS = """
[[providers]]
name = "team"
url = "{url}/v1"
model = "smollm2"
context_tokens = {context_tokens}

[[permissions]]
provider = "team"
allow = ["code"]
repositories = ["{folder}"]

[roles]
edit = "team:smollm2"
chat = "team:smollm2"
"""


class Remote(Acting):
    """A client that allows what it is asked to."""

    asked_for: list[str]

    def answer(self, request: Json) -> Any:
        if request["method"] == "window/showMessageRequest":
            self.asked_for.append(request["params"]["message"])
            return request["params"]["actions"][0]
        return super().answer(request)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with llama_server() as where:
        yield where


@pytest.fixture
def begin(launch: Start, tmp_path: Path) -> Callable[..., Awaitable[Remote]]:
    """Start a server whose edit and chat models are at `url`."""

    async def begun(url: str, context_tokens: int = 1200) -> Remote:
        one = Remote(tmp_path)
        one.asked_for = []
        config = tmp_path / "own.toml"
        config.write_text(SETTINGS.format(url=url, folder=one.folder, context_tokens=context_tokens))
        env = {"AI_LSP_CONFIG": str(config)}
        one.client = await launch(env=env, root=one.folder.as_uri(), capabilities=FULL, answer=one.answer)
        one.open()
        return one

    return begun


@pytest_asyncio.fixture
async def remote(begin: Callable[..., Awaitable[Remote]], url: str) -> Remote:
    return await begin(url)


async def test_a_docstring_comes_from_there_once_it_is_allowed(remote: Remote) -> None:
    action = await remote.resolved("Document", LINES["total"])
    assert action["title"] == "Document `total` (smollm2 at team)"
    assert len(remote.asked_for) == 1
    if action.get("edit") is None:
        assert "This is what it wrote" in remote.shown[0]
    else:
        head, body = TEXT[: TEXT.index("    result = 0")], TEXT[TEXT.index("    result = 0") :]
        text = edited(TEXT, action["edit"])
        assert text.startswith(head + '    """') and text.endswith(body)


async def test_what_is_not_allowed_does_not_leave(remote: Remote) -> None:
    action = await remote.resolved("Fix", LINES["error"], diagnostics=[DIAGNOSTIC])
    assert action.get("edit") is None
    assert "not sent" in remote.client.messages() and "diagnostics" in remote.client.messages()


async def test_cancel_in_the_middle(begin: Callable[..., Awaitable[Remote]]) -> None:
    """The server never ends an answer by itself, so that the cancel cannot come too late."""
    with llama_server("unending") as url:
        remote = await begin(url, context_tokens=6000)
        future = remote.client.send("ai-lsp/chat", {"message": "Count.", "partialResultToken": "p"})

        def streamed() -> bool:
            return any(note["params"].get("token") == "p" for note in remote.client.notifications)

        await remote.client.until(streamed, SECONDS)
        remote.client.cancel(future)
        assert (await future).code == -32800


async def test_chat_is_answered_from_there(remote: Remote) -> None:
    said = remote.client.send("ai-lsp/chat", {"message": "Say hello."})
    await remote.client.until(said.done, SECONDS)
    assert "error" not in said.result().result and said.result().result["model"] == "smollm2 at team"
