"""workspace/executeCommand, and the notifications that Copilot's clients send."""

from __future__ import annotations

from tests.e2e.client import Client
from tests.e2e.test_inline_completion import SOURCE


async def test_why_tells_the_whole_way(client: Client) -> None:
    reply = await client.suggest(client.open(SOURCE + "ret"))
    trace = await client.why(reply)
    assert trace["text"] == reply.text
    assert {"trigger", "cache", "context", "queue", "tokenize", "prefill", "decode", "filters", "total"} <= set(
        trace["stages"]
    )
    assert trace["counts"]["prompt"] > 30
    assert (trace["shown"], trace["accepted"], trace["acceptedLength"]) == (False, False, 0)


async def test_nothing_was_asked_yet(client: Client) -> None:
    assert await client.command("ai-lsp.why") is None


async def test_shown_and_accepted(client: Client) -> None:
    reply = await client.suggest(client.open(SOURCE + "ret"))
    item, *_ = reply.result["items"]
    client.notify("textDocument/didShowCompletion", {"item": item})
    client.notify("textDocument/didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 4})
    await client.command(item["command"]["command"], *item["command"]["arguments"])
    trace = await client.why(reply)
    assert (trace["shown"], trace["accepted"], trace["acceptedLength"]) == (True, True, 4)


async def test_odd_notifications_do_no_harm(client: Client) -> None:
    for params in ({}, {"item": None}, {"item": {"command": {"arguments": ["x"]}}}, {"textDocument": 5}, None):
        client.notify("textDocument/didShowCompletion", params)
        client.notify("textDocument/didPartiallyAcceptCompletion", params)
        client.notify("textDocument/didFocus", params)
    assert (await client.suggest(client.open(SOURCE + "ret"))).text


async def test_status(client: Client) -> None:
    status = await client.command("ai-lsp.status")
    assert (status["engine"], status["model"], status["problems"]) == ("ready", "smollm2-135m", [])


async def test_stats(client: Client) -> None:
    empty = await client.command("ai-lsp.stats")
    assert (empty["requests"], empty["median_ms"], empty["silences"]) == (0, 0, [])
    reply = await client.suggest(client.open(SOURCE + "ret"))
    item, *_ = reply.result["items"]
    client.notify("textDocument/didShowCompletion", {"item": item})
    client.notify("textDocument/didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 4})
    await client.ask(client.open("x"), 1, kind=2)
    stats = await client.command("ai-lsp.stats")
    counts = stats["requests"], stats["suggested"], stats["shown"], stats["accepted"], stats["partly_accepted"]
    assert counts == (2, 1, 1, 0, 1)
    assert 0 < stats["median_ms"] <= stats["p95_ms"]
    assert stats["silences"] == [{"reason": "the document is nearly empty", "count": 1}]


async def test_stats_count_runs_and_an_accepted_text_once(client: Client) -> None:
    reply = await client.suggest(client.open(SOURCE + "ret"))
    item, *_ = reply.result["items"]
    client.notify("textDocument/didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 4})
    for _ in range(2):
        await client.command(item["command"]["command"], *item["command"]["arguments"])
    stats = await client.command("ai-lsp.stats")
    counts = [stats[name] for name in ("requests", "suggested", "accepted", "partly_accepted")]
    assert counts == [1, 1, 1, 0]
    assert (stats["started"], stats["completed"]) == (1, 1)
