"""Standard input and output as streams of the event loop.

pygls reads them in a thread, three hops a message, with a decoder that takes 7 ms for a file of 2 MB, and writes
with a flush that blocks: a client that stops reading would stop the server, and with it every deadline.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import stat
import sys
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException

from ai_lsp import child

if TYPE_CHECKING:
    from ai_lsp.server import Server

log = logging.getLogger(__name__)

_FLUSH_SECONDS = 2.0
"""How long the end waits for a client that does not read the last answers."""
_END_SECONDS = 5.0
"""How long the end may take in all: closing a context, saving its KV and ending children take less than two."""
_LENGTH = re.compile(rb"Content-Length: (\d+)\r\n")


def can_stream() -> bool:
    """Whether they are two pipes or sockets: the loop makes them non-blocking, and one for both must not be."""
    if sys.platform == "win32":
        return False
    kinds = [os.fstat(number) for number in (0, 1)]
    streams = all(stat.S_ISFIFO(kind.st_mode) or stat.S_ISSOCK(kind.st_mode) for kind in kinds)
    return streams and len({(kind.st_dev, kind.st_ino) for kind in kinds}) == 2


def serve(server: Server, stdout: int) -> None:
    """Serve one client over standard input and the file descriptor `stdout` until it leaves."""
    server._stop_event = Event()
    last = Timer(_END_SECONDS, lambda: os._exit(0 if server.left_properly else 1))
    last.daemon = True
    try:
        child.run(_served(server, stdout, last))
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.shutdown()  # type: ignore[no-untyped-call]
        last.cancel()


async def _served(server: Server, stdout: int, last: Timer) -> None:
    """Serve; from then on the process has `_END_SECONDS`, whatever does not let itself be ended."""
    try:
        await _serve(server, stdout)
    finally:
        last.start()


async def _serve(server: Server, stdout: int) -> None:
    loop = asyncio.get_running_loop()
    reader = _Reader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    writer, out = await loop.connect_write_pipe(_Out, os.fdopen(stdout, "wb", buffering=0))
    server.protocol.set_writer(writer)
    assert server._stop_event is not None
    while not server._stop_event.is_set() and (body := await reader.body()):
        _handle(server, body)
    writer.close()
    await asyncio.wait({out.closed}, timeout=_FLUSH_SECONDS)


def _handle(server: Server, body: bytes) -> None:
    """Handle a message; one that cannot be handled is told and passed over."""
    try:
        server.protocol.handle_message(server.protocol.decode(body))
    except Exception as error:
        log.exception("Unable to handle message")
        server.report_server_error(error, JsonRpcException)


class _Reader(asyncio.StreamReader):
    """Reads messages, each of which is headers, a blank line, and as many bytes as one of the headers says."""

    async def body(self) -> bytes:
        """Return the next message without its headers; nothing, or less than all, where the input ends."""
        length = 0
        while header := await self.readline():
            if found := _LENGTH.fullmatch(header):
                length = length or int(found[1])
            elif length and not header.strip():
                break
        try:
            return await self.readexactly(length)
        except asyncio.IncompleteReadError as error:
            return error.partial

    async def readline(self) -> bytes:
        """Read a header line; one that is too long to be one is passed over.

        The handler of the message before begins first: a request is about the text as it was when it came.
        """
        await asyncio.sleep(0)
        try:
            return await super().readline()
        except ValueError:
            return b"\n"


class _Out(asyncio.BaseProtocol):
    """Knows when the client's end of the pipe is gone, or all is written after a close."""

    def __init__(self) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, _error: Any) -> None:
        """Note the end."""
        if not self.closed.done():
            self.closed.set_result(None)
