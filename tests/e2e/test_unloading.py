"""The model leaves memory while nobody is there, and comes back with the next key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.e2e.client import SECONDS, Client, Document
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE

SOON = {"model": {"unloadAfterMinutes": 1 / 60}, "completion": {"deadlineMs": 10_000}}


async def asks(client: Client, document: Document) -> None:
    assert (await client.suggest(document)).result is None
    assert (await client.why())["reason"].startswith("loading")


async def types(client: Client, document: Document) -> None:
    client.insert(document, "u")


async def focuses(client: Client, document: Document) -> None:
    client.notify("textDocument/didFocus", {"textDocument": {"uri": document.uri}})


async def opens(client: Client, _document: Document) -> None:
    client.open(SOURCE, "file:///work/b.py")


def memory(client: Client) -> int:
    """Return the server's resident memory in bytes."""
    status = Path(f"/proc/{client.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


async def until(client: Client, word: str) -> None:
    """Wait until the latest status is of that kind."""
    await client.until(lambda: client.statuses and word in client.statuses[-1]["params"]["message"])


@pytest.mark.parametrize("act", [asks, types, focuses, opens])
async def test_it_leaves_and_comes_back(launch: Start, act: Callable[[Client, Document], Awaitable[None]]) -> None:
    client = await launch(options=SOON)
    document = client.open(SOURCE + "ret")
    await until(client, "unloaded")
    assert client.statuses[-1]["params"] == {
        "busy": False,
        "kind": "Normal",
        "message": "the model is unloaded to save memory; it comes back with the next key",
    }
    assert (await client.command("ai-lsp.status"))["engine"] == "unloaded"
    before = len(client.statuses)
    await act(client, document)
    await client.until(lambda: any(not one["params"]["busy"] for one in client.statuses[before:]))
    assert (await client.suggest(document)).text
    kinds = [one["params"]["busy"] for one in client.statuses[before:]]
    assert kinds[0] and not kinds[-1]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
async def test_its_memory_is_given_back(launch: Start) -> None:
    client = await launch(options=SOON)
    await until(client, "smollm2")
    await client.until(lambda: not client.statuses[-1]["params"]["busy"])
    await client.suggest(client.open(SOURCE + "ret"))
    loaded = memory(client)
    await until(client, "unloaded")

    async def until_it_is_free() -> None:
        while memory(client) > loaded - 100_000_000:
            await client.command("ai-lsp.status")

    await asyncio.wait_for(until_it_is_free(), SECONDS)
    assert memory(client) <= loaded - 100_000_000


async def test_it_is_switched_on_while_the_server_runs(launch: Start) -> None:
    client = await launch(options={"model": {"unloadAfterMinutes": 0}})
    await client.ready()
    loads = len([one for one in client.statuses if one["params"]["busy"]])
    client.notify("workspace/didChangeConfiguration", {"settings": {"ai-lsp": SOON}})
    await until(client, "unloaded")
    assert client.messages() == ""
    assert len([one for one in client.statuses if one["params"]["busy"]]) == loads
