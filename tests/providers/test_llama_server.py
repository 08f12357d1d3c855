"""A real llama-server as endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ai_lsp.permissions.audit import AuditLog
from ai_lsp.providers.chat import Message, ProviderError, Wish
from tests.providers.conftest import Remote, answer
from tests.providers.llama_server import llama_server

_SECONDS = 60

ASKED = (Message("system", "You are a helpful assistant."), Message("user", "What is the capital of France?"))
WISH = Wish(ASKED, 12)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with llama_server() as where:
        yield where


@pytest.mark.parametrize(("kind", "path"), [("openai", "/v1"), ("llama-server", "")])
async def test_it_answers(kind: str, path: str, url: str, remote: Remote, audit: AuditLog) -> None:
    assert "Paris" in await answer(remote(url + path, kind=kind), WISH)
    (entry,) = audit.entries()
    assert entry.outcome == "answered"
    assert entry.chars_received > 5


async def test_a_stop_text(url: str, remote: Remote) -> None:
    whole = await answer(remote(url + "/v1"), WISH)
    wish = Wish(WISH.messages, 12, stop=(" Paris",))
    assert await answer(remote(url + "/v1"), wish) == whole[: whole.index(" Paris")]


async def test_closed_within_an_answer_it_takes_the_next_at_once(url: str, remote: Remote) -> None:
    model = remote(url + "/v1")
    stream = model.stream(Wish((Message("user", "Count to a thousand."),), 4000))
    await anext(stream)
    await stream.aclose()
    # There is one slot: this waits for the other answer unless that has ended.
    assert "Paris" in await asyncio.wait_for(answer(model, WISH), _SECONDS)


async def test_too_long_a_prompt_is_told(url: str, remote: Remote) -> None:
    with pytest.raises(ProviderError, match=r"does not accept the request \(400\): .*context"):
        await answer(remote(url + "/v1"), Wish((Message("user", "x y " * 9000),), 12))
