"""Context from other files of the workspace, in the prompts of a real server."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.conftest import Start

SHOP = '''"""Orders of a shop."""


def notify_customer(order, channel="email"):
    message = render_template("order_confirmed.txt", order=order, locale=order.locale)
    gateway_for(channel).deliver(order.customer.address, message, retries=3)
    audit_log.record("customer_notified", order_id=order.id, channel=channel)
'''
HERE = '''"""Invoices of a shop."""


def notify_accountant(order, channel="email"):
    message = render_template("order_confirmed.txt", order=order, locale=order.locale)
    gateway_for(channel).deliver(order.accountant.address, message, retries=3)
    audit_log.record("'''


async def test_similar_code_of_another_file_is_in_the_prompt(launch: Start, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "orders.py").write_text(SHOP)
    (root / ".env").write_text("GATEWAY_TOKEN=1234567890abcdef\n")
    client = await launch(root=root.as_uri())
    await client.ready()
    assert (await client.indexed(root))["files"] == 1
    document = client.open(HERE, (root / "invoices.py").as_uri())
    reply = await client.suggest(document)
    trace = await client.why()
    assert [(one["source"], one["path"]) for one in trace["snippets"]] == [("similar", "orders.py")]
    assert trace["snippet_tokens"][0] > 40
    assert reply.text is not None and "notified" in reply.text


async def test_a_saved_file_is_found_at_once(launch: Start, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    client = await launch(root=root.as_uri())
    await client.ready()
    await client.indexed(root)
    saved = root / "orders.py"
    saved.write_text(SHOP)
    client.notify("textDocument/didSave", {"textDocument": {"uri": saved.as_uri()}})
    for _ in range(200):
        if (await client.command("ai-lsp.status"))["index"][str(root)]["files"]:
            break
        await asyncio.sleep(0.05)
    document = client.open(HERE, (root / "invoices.py").as_uri())
    await client.suggest(document)
    assert [one["path"] for one in (await client.why())["snippets"]] == ["orders.py"]


async def test_sources_can_be_switched_off(launch: Start, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "orders.py").write_text(SHOP)
    client = await launch(root=root.as_uri(), options={"context": {"index": False}})
    await client.ready()
    assert (await client.command("ai-lsp.status"))["index"] == {}
    document = client.open(HERE, (root / "invoices.py").as_uri())
    await client.suggest(document)
    assert "similar" not in {one["source"] for one in (await client.why())["snippets"]}
