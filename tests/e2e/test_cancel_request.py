"""$/cancelRequest, and what replaces it in clients that never cancel."""

from __future__ import annotations

import asyncio

from tests.e2e.client import INLINE, SECONDS, Client, place

LONG = "".join(f"def function_{n}(first, second):\n    return first + second * {n}\n\n\n" for n in range(60))


async def test_a_cancelled_request_is_answered_once(client: Client) -> None:
    document = client.open(LONG + "def last(")
    pending = client.ask(document)
    client.cancel(pending)
    assert (await asyncio.wait_for(pending, SECONDS)).code == -32800
    assert (await client.suggest(document)).code is None


async def test_cancelling_what_is_answered_or_unknown_does_no_harm(client: Client) -> None:
    document = client.open(LONG[:400] + "def last(")
    answered = client.ask(document)
    await asyncio.wait_for(answered, SECONDS)
    client.cancel(answered)
    client.notify("$/cancelRequest", {"id": "never sent"})
    assert (await client.suggest(document)).code is None


async def test_a_newer_request_answers_the_older_with_nothing(client: Client) -> None:
    document = client.open(LONG + "def last(")
    order: list[str] = []
    older = client.ask(document)
    older.add_done_callback(lambda _reply: order.append("older"))
    client.insert(document, "value")
    newer = client.ask(document)
    newer.add_done_callback(lambda _reply: order.append("newer"))
    replies = await asyncio.wait_for(asyncio.gather(older, newer), SECONDS)
    assert replies[0].result is None
    assert order == ["older", "newer"]


async def test_a_change_answers_what_was_asked_before(client: Client) -> None:
    document = client.open(LONG + "def last(")
    older = client.ask(document)
    client.insert(document, "value")
    assert (await asyncio.wait_for(older, SECONDS)).result is None
    assert (await client.why())["reason"] == "the document changed"


async def test_many_at_once_all_get_their_reply(client: Client) -> None:
    document = client.open(LONG[:800] + "def last(")
    where = place(document.text, len(document.text))
    params = {"textDocument": {"uri": document.uri}, "position": where, "context": {"triggerKind": 2}}
    pending = [client.send(INLINE, params) for _ in range(100)]
    for request in pending[::3]:
        client.cancel(request)
    replies = await asyncio.wait_for(asyncio.gather(*pending), SECONDS)
    assert {reply.code for reply in replies} <= {None, -32800}
    assert client.unanswered == []
