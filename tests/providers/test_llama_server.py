"""A real llama-server as endpoint."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_lsp.models.store import resolve
from ai_lsp.permissions.audit import AuditLog
from ai_lsp.providers.chat import Message, ProviderError, Wish
from tests.providers.conftest import Remote
from tests.providers.test_openai import answer

_SECONDS = 60

WISH = Wish(
    (Message("system", "You are a helpful assistant."), Message("user", "What is the capital of France?")), 12
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where llama-server listens with the default model."""
    pytest.importorskip("xllamacpp")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.latency.peers.serve", "llama-server"]
    command += [str(resolve("smollm2-135m").path), "2", str(port)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.1)  # another process loads a model, and has no other way to say that it has
        else:
            return
    pytest.fail("llama-server did not start")


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
