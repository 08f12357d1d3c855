"""The main way of a request through pytest-lsp's own client, as an independent reading of the protocol."""

from __future__ import annotations

import asyncio
import sys

import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.e2e.test_inline_completion import SOURCE


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "ai_lsp", "serve"]))
async def lsp_client(lsp_client: LanguageClient) -> object:
    inline = types.TextDocumentClientCapabilities(inline_completion=types.InlineCompletionClientCapabilities())
    capabilities = types.ClientCapabilities(text_document=inline)
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield
    await lsp_client.shutdown_session()


async def test_ghost_text(lsp_client: LanguageClient) -> None:
    text = SOURCE + "return os.path.getsi"
    item = types.TextDocumentItem("file:///a.py", "python", 1, text)
    lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    params = types.InlineCompletionParams(
        types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
        types.TextDocumentIdentifier(item.uri),
        types.Position(text.count("\n"), len(text) - text.rfind("\n") - 1),
    )

    async def ask_until_the_model_is_loaded() -> types.InlineCompletionList:
        while (found := await lsp_client.text_document_inline_completion_async(params)) is None:
            await asyncio.sleep(0.05)
        assert isinstance(found, types.InlineCompletionList)
        return found

    found = await asyncio.wait_for(ask_until_the_model_is_loaded(), 30)
    assert found.items[0].insert_text == "ze(path)"
