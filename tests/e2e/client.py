"""A raw LSP client: it sends plain JSON and checks what a server owes to every client.

Each request must be answered exactly once, and every byte on standard output must belong to a message.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SECONDS = 30.0
INLINE = "textDocument/inlineCompletion"
CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"inlineCompletion": {}},
    "window": {"workDoneProgress": True},
}


@dataclass
class Reply:
    """An answer and how long it took, in milliseconds from sending to receiving."""

    message: Json
    ms: float

    @property
    def result(self) -> Any:
        assert "error" not in self.message, self.message
        return self.message["result"]

    @property
    def code(self) -> int | None:
        error = self.message.get("error")
        return error["code"] if error else None

    @property
    def text(self) -> str | None:
        """The ghost text, None for none."""
        result = self.result
        return result["items"][0]["insertText"] if result and result["items"] else None


@dataclass
class Document:
    """What the client has open; positions are UTF-16 unless a test converts them."""

    uri: str
    text: str
    version: int = 1


@dataclass
class Client:
    """One server process and everything it said."""

    process: asyncio.subprocess.Process
    answer: Callable[[Json], Any] = lambda _request: None
    """Answers the server's own requests; raising `asyncio.CancelledError` means never."""
    notifications: list[Json] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    unframed: bytes = b""
    may_complain: bool = False
    """Whether the test sends what the server may log as an error."""
    log: str = ""
    """What the server wrote to standard error."""
    initialized: Json = field(default_factory=dict)
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _waiting: dict[Any, tuple[float, asyncio.Future[Reply]]] = field(default_factory=dict)
    _answered: set[Any] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: asyncio.Task[None] | None = None
    _logger: asyncio.Task[None] | None = None

    def listen(self) -> None:
        self._reader = asyncio.create_task(self._read())
        self._logger = asyncio.create_task(self._read_log())

    async def _read_log(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.log += line.decode("utf-8", "replace")

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while header := await self.process.stdout.readline():
            if not header.startswith(b"Content-Length: "):
                self.unframed += header
                continue
            size = int(header.split()[1])
            while (line := await self.process.stdout.readline()).strip():
                assert line.lower().startswith(b"content-type"), line
            self._receive(json.loads(await self.process.stdout.readexactly(size)))

    def _receive(self, message: Json) -> None:
        if "method" in message and "id" in message:
            self.requests.append(message)
            with contextlib.suppress(asyncio.CancelledError):
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": self.answer(message)})
        elif "method" in message:
            self.notifications.append(message)
        else:
            assert message["id"] not in self._answered, f"answered twice: {message}"
            self._answered.add(message["id"])
            sent, future = self._waiting.pop(message["id"])
            if not future.done():
                future.set_result(Reply(message, (time.perf_counter() - sent) * 1000))
        self._news.set()

    def _write(self, message: Json) -> None:
        assert self.process.stdin is not None
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, params: Any) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, method: str, params: Any, msg_id: Any = None) -> asyncio.Future[Reply]:
        """Send a request; the reply comes with the future."""
        number = next(self._ids) if msg_id is None else msg_id
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (time.perf_counter(), future)
        future.request_id = number  # type: ignore[attr-defined]
        self._write({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return future

    async def request(self, method: str, params: Any) -> Reply:
        return await asyncio.wait_for(self.send(method, params), SECONDS)

    def cancel(self, future: asyncio.Future[Reply]) -> None:
        self.notify("$/cancelRequest", {"id": future.request_id})  # type: ignore[attr-defined]

    @property
    def unanswered(self) -> list[Any]:
        return list(self._waiting)

    async def until(self, condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
        """Wait until `condition` holds after some message."""

        async def wait() -> Any:
            while not (value := condition()):
                self._news.clear()
                await self._news.wait()
            return value

        return await asyncio.wait_for(wait(), seconds)

    async def command(self, command: str, *arguments: Any) -> Any:
        params = {"command": command, "arguments": list(arguments)}
        return (await self.request("workspace/executeCommand", params)).result

    async def why(self, reply: Reply | None = None) -> Json:
        """The trace of a reply's suggestion, or of the latest request."""
        numbers = reply.result["items"][0]["command"]["arguments"] if reply and reply.result else []
        trace: Json = await self.command("ai-lsp.why", *numbers)
        return trace

    async def ready(self) -> None:
        """Wait until the model is loaded, which the server announces by itself."""
        await self.until(
            lambda: any(s["params"]["kind"] == "Error" or not s["params"]["busy"] for s in self.statuses)
        )
        assert (await self.command("ai-lsp.status"))["engine"] == "ready"

    async def indexed(self, root: Path, seconds: float = SECONDS) -> Json:
        """Wait until the folder's index is there; the server says so in its status."""

        async def look() -> Json:
            while True:
                state: Json = (await self.command("ai-lsp.status"))["index"].get(str(root), {})
                if state.get("kind") not in ("off", "building"):
                    return state
                await asyncio.sleep(0.05)

        return await asyncio.wait_for(look(), seconds)

    @property
    def statuses(self) -> list[Json]:
        return [note for note in self.notifications if note["method"] == "didChangeStatus"]

    def messages(self) -> str:
        """What was shown to the user."""
        shown = [note for note in self.notifications if note["method"] == "window/showMessage"]
        return "\n".join(note["params"]["message"] for note in shown)

    def open(self, text: str, uri: str = "file:///work/a.py", language: str = "python") -> Document:
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return Document(uri, text)

    def insert(self, document: Document, text: str, offset: int | None = None) -> None:
        """Insert `text` at `offset`, by default at the end, as an incremental change."""
        at = len(document.text) if offset is None else offset
        document.version += 1
        position = place(document.text, at)
        change = {"range": {"start": position, "end": position}, "text": text}
        document.text = document.text[:at] + text + document.text[at:]
        identifier = {"uri": document.uri, "version": document.version}
        self.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": [change]})

    def ask(
        self, document: Document, offset: int | None = None, kind: int = 1, **context: Any
    ) -> asyncio.Future[Reply]:
        """Ask for ghost text at `offset`, by default at the end; kind 1 is by hand, 2 automatic."""
        at = len(document.text) if offset is None else offset
        params = {
            "textDocument": {"uri": document.uri},
            "position": place(document.text, at),
            "context": {"triggerKind": kind, **context},
        }
        return self.send(INLINE, params)

    async def suggest(self, document: Document, offset: int | None = None, kind: int = 1, **context: Any) -> Reply:
        return await asyncio.wait_for(self.ask(document, offset, kind, **context), SECONDS)

    async def end(self) -> None:
        """Shut the server down properly and check that nothing is left over."""
        if self.process.returncode is None:
            try:
                await self.request("shutdown", None)
                self.notify("exit", None)
                await asyncio.wait_for(self.process.wait(), 15)
            except (ConnectionError, asyncio.TimeoutError):
                self.process.kill()
                await self.process.wait()
                raise
        if self._reader is not None:
            await self._reader
        if self._logger is not None:
            await self._logger
        assert self.unframed == b""
        assert self.may_complain or "Traceback" not in self.log, self.log


def place(text: str, offset: int) -> Json:
    """The position of `offset` in UTF-16 units."""
    before = text[:offset]
    line = before.replace("\r\n", "\n").count("\n")
    column = before[before.rfind("\n") + 1 :]
    return {"line": line, "character": len(column.encode("utf-16-le")) // 2}


async def start(
    command: list[str],
    env: dict[str, str],
    *,
    capabilities: Json | None = None,
    options: Any = None,
    root: str | None = None,
    name: str = "test",
    answer: Callable[[Json], Any] = lambda _request: None,
    initialize: bool = True,
) -> Client:
    """Start a server and do the handshake."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    client = Client(process, answer)
    client.listen()
    if initialize:
        params = {
            "processId": None,
            "rootUri": root,
            "capabilities": CAPABILITIES if capabilities is None else capabilities,
            "clientInfo": {"name": name},
            "initializationOptions": options,
        }
        client.initialized = (await client.request("initialize", params)).result
        client.notify("initialized", {})
    return client
