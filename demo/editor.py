"""The smallest editor there is: one document, one cursor, and an LSP client that asks after every key."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

KEY_SECONDS = 0.11
"""Mean time between two keys of a person who types quickly."""


@dataclass
class Ghost:
    """What was shown at the end of a burst of typing."""

    text: str
    ms: float
    """From the last key's request to its reply."""
    number: int | None = None
    """The server's number for it."""
    trace: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    cancelled: int = 0


class Editor:
    """Drives a real server process over stdio."""

    def __init__(self, client: LanguageClient) -> None:
        self._client = client
        self._random = random.Random(7)
        self._uri, self._language, self._text = "", "", ""
        self._version = 0
        self._offset = 0
        self._line_start = 0

    @classmethod
    async def start(cls, command: list[str], root: Path) -> Editor:
        """Start the server and do the handshake."""
        client = LanguageClient("ai-lsp demo", "1")
        client.feature("didChangeStatus")(lambda _params: None)
        await client.start_io(*command)
        capabilities = types.ClientCapabilities(
            text_document=types.TextDocumentClientCapabilities(
                inline_completion=types.InlineCompletionClientCapabilities()
            )
        )
        await client.initialize_async(
            types.InitializeParams(
                capabilities=capabilities,
                workspace_folders=[types.WorkspaceFolder(root.as_uri(), root.name)],
                client_info=types.ClientInfo("ai-lsp demo"),
            )
        )
        client.initialized(types.InitializedParams())
        return cls(client)

    async def ready(self, seconds: float = 60.0) -> str:
        """Wait until the model is loaded; returns the engine's state."""
        deadline = time.monotonic() + seconds
        while True:
            status = await self._command("ai-lsp.status")
            if status["engine"] == "failed" or time.monotonic() > deadline:
                raise SystemExit(f"the model is not there: {status['message']}")
            if status["engine"] == "ready":
                return str(status["engine"])
            await asyncio.sleep(0.05)

    async def open(self, path: Path, text: str, language: str) -> None:
        """Open a document with `text`."""
        self._uri, self._language, self._text, self._version = path.as_uri(), language, text, 1
        item = types.TextDocumentItem(self._uri, language, 1, text)
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await asyncio.sleep(1.0)  # a person looks at a file before typing into it

    async def go_to(self, offset: int) -> None:
        """Put the cursor there."""
        self._offset = self._line_start = offset

    def line(self) -> str:
        """Return the cursor's line up to the cursor."""
        return self._text[self._text.rfind("\n", 0, self._offset) + 1 : self._offset]

    async def type(self, burst: str) -> Ghost:
        """Type `burst` key by key, asking after each and cancelling what was asked before; show what comes."""
        pending: asyncio.Task[Ghost] | None = None
        asked = cancelled = 0
        for key in burst:
            self._replace(self._offset, self._offset, key)
            if pending is not None and not pending.done():
                pending.cancel()
                cancelled += 1
            pending = asyncio.create_task(self._ask())
            asked += 1
            await asyncio.sleep(self._random.gauss(KEY_SECONDS, KEY_SECONDS / 4))
        assert pending is not None
        ghost = await pending
        ghost.asked, ghost.cancelled = asked, cancelled
        ghost.trace = ghost.trace or await self._command("ai-lsp.why", *([ghost.number] if ghost.number else []))
        return ghost

    async def clear_line(self) -> None:
        """Take back what was typed since `go_to`."""
        self._replace(self._line_start, self._offset, "")
        await asyncio.sleep(0)

    async def close(self) -> None:
        """End the server."""
        await self._client.shutdown_async(None)
        self._client.exit(None)
        await self._client.stop()

    def _position(self, offset: int) -> types.Position:
        before = self._text[:offset]
        return types.Position(before.count("\n"), offset - (before.rfind("\n") + 1))

    def _replace(self, start: int, end: int, text: str) -> None:
        span = types.Range(self._position(start), self._position(end))
        self._text = self._text[:start] + text + self._text[end:]
        self._offset = start + len(text)
        self._version += 1
        self._client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._version, self._uri),
                [types.TextDocumentContentChangePartial(range=span, text=text)],
            )
        )

    async def _ask(self) -> Ghost:
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            types.TextDocumentIdentifier(self._uri),
            self._position(self._offset),
        )
        method = types.TEXT_DOCUMENT_INLINE_COMPLETION
        msg_id = f"demo-{self._version}"
        start = time.perf_counter()
        answering = asyncio.ensure_future(self._client.protocol.send_request_async(method, params, msg_id=msg_id))
        try:
            answer = await asyncio.shield(answering)
        except asyncio.CancelledError:
            answering.add_done_callback(lambda done: done.exception())
            self._client.cancel_request(types.CancelParams(msg_id))
            raise
        except JsonRpcException as error:
            return Ghost("", (time.perf_counter() - start) * 1000, trace={"reason": str(error)})
        ms = (time.perf_counter() - start) * 1000
        item = answer.items[0] if answer else None
        number = item.command.arguments[0] if item else None
        return Ghost(str(item.insert_text) if item else "", ms, number)

    async def _command(self, command: str, *arguments: Any) -> Any:
        params = types.ExecuteCommandParams(command, list(arguments))
        return await self._client.workspace_execute_command_async(params)
