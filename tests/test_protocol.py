"""The protocol in the process itself, with messages as a client writes them."""

from __future__ import annotations

import asyncio
import gc
import json
from typing import Any

import pytest

from ai_lsp.features import create
from ai_lsp.server import Server

URI = "file:///work/a.py"


def receive(server: Server, method: str, params: Any, **members: Any) -> None:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **members})
    server.protocol.handle_message(server.protocol.decode(body.encode()))


class Output(list[bytes]):
    write = list.append

    def close(self) -> None: ...


@pytest.fixture
async def server() -> Server:
    """A server that is initialized, and whose engine is never started."""
    one = create()
    one.protocol.set_writer(Output())
    receive(one, "initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id=1)
    item = {"uri": URI, "languageId": "python", "version": 1, "text": ""}
    receive(one, "textDocument/didOpen", {"textDocument": item})
    return one


async def test_a_notification_leaves_nothing_behind(server: Server) -> None:
    for version in range(50):
        change = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}
        params = {"textDocument": {"uri": URI, "version": version}, "contentChanges": [change]}
        receive(server, "textDocument/didChange", params)
    document = server.open_document(URI)
    assert document is not None and document.source == "x" * 50
    assert server.protocol._request_futures == {}


async def test_half_of_a_surrogate_pair_is_taken_in(server: Server) -> None:
    receive(server, "textDocument/didOpen", {"textDocument": {"uri": "file:///work/c.py", "languageId": "python",
                                                              "version": 1, "text": "'\ud83d'\n"}})  # fmt: skip
    document = server.open_document("file:///work/c.py")
    assert document is not None and document.source == "'\ufffd'\n"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"jsonrpc": "2.0", '])
async def test_what_is_no_json_is_a_value_error(server: Server, body: bytes) -> None:
    with pytest.raises(ValueError):
        server.protocol.decode(body)


async def test_a_large_text_is_taken_in_by_a_callback_of_its_own(server: Server) -> None:
    item = {"uri": "file:///work/b.py", "languageId": "python", "version": 1, "text": "x\n" * 100_000}
    receive(server, "textDocument/didOpen", {"textDocument": item})
    assert server.open_document("file:///work/b.py") is None
    await asyncio.sleep(0)
    assert server.open_document("file:///work/b.py") is not None


async def test_no_message_overtakes_a_large_one(server: Server) -> None:
    identifier = {"uri": URI, "version": 2}
    whole = {"textDocument": identifier, "contentChanges": [{"text": "x" * 200_000}]}
    change = {
        "range": {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 200_000}},
        "text": "y",
    }
    receive(server, "textDocument/didChange", whole)
    receive(server, "textDocument/didChange", {"textDocument": identifier, "contentChanges": [change]})
    document = server.open_document(URI)
    assert document is not None and document.source == "xy"
    await asyncio.sleep(0)
    assert document.source == "xy"


async def test_full_collections_leave_out_what_was_imported(server: Server) -> None:
    assert gc.get_freeze_count() > 10_000
