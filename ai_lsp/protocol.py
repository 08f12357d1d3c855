"""pygls' protocol, mended where a request could be left without an answer."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import orjson
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCResponseMessage

from ai_lsp.workspace import DocumentWorkspace

log = logging.getLogger(__name__)

received: contextvars.ContextVar[float | None] = contextvars.ContextVar("received", default=None)
"""When the message that is being handled was read, by `time.monotonic`."""


_LARGE = 100_000


def _text_length(message: Any) -> int:
    """Return how many code points a notification brings into a document."""
    params = getattr(message, "params", None)
    if isinstance(params, types.DidOpenTextDocumentParams):
        return len(params.text_document.text)
    if isinstance(params, types.DidChangeTextDocumentParams):
        return sum(len(change.text) for change in params.content_changes)
    return 0


class _Futures(dict[Any, "Future[Any]"]):
    """What is under way, by message id. `shutdown` cancels all of it in a loop, and each cancel takes one out."""

    def items(self) -> Any:
        """Return the pairs as they are now, whatever comes and goes while they are looked at."""
        return list(super().items())


class Protocol(LanguageServerProtocol):
    """Answers malformed, early and late requests with an error instead of silence."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._request_futures = _Futures()
        self._when_cancelled: dict[Any, Callable[[], Any]] = {}

    _behind: Any = None
    """The message that was read and is not handled yet."""

    def decode(self, body: bytes) -> Any:
        """Return the message that a client sent. Raises `ValueError` for what is no JSON.

        Of a large file orjson takes a sixth of the time. It refuses halves of surrogate pairs, which editors send.
        """
        try:
            data = orjson.loads(body)
        except ValueError:
            data = json.loads(body)
        return self.structure_message(data) if isinstance(data, dict) else data

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Decode a message; one that cannot be decoded is answered here, since only here its id is known."""
        if "jsonrpc" in data and "id" in data and "method" not in data and "error" not in data:
            return self._structure_response(data)
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise

    def unstructure(self, message: Any) -> Any:
        """Return a message as plain JSON."""
        return self._converter.unstructure(message)

    def _structure_response(self, data: dict[str, Any]) -> Any:
        """Decode a client's answer; one that makes no sense becomes an error for whoever waits for it."""
        response_type = self._result_types.pop(data["id"], None) or JsonRPCResponseMessage
        try:
            return self._converter.structure(data, response_type)
        except Exception:
            name = getattr(response_type, "__name__", "response")
            log.warning("the client's %s makes no sense: %.200r", name, data.get("result"))
            error = types.ResponseError(code=types.ErrorCodes.InvalidParams, message=f"{name} makes no sense")
            return types.ResponseErrorMessage(id=data["id"], error=error)

    def handle_message(self, message: Any) -> None:
        """Handle one message, after those before it.

        Decoding a large text has held the event loop up already, so it is taken in by a callback of its own.
        """
        received.set(time.monotonic())
        self._catch_up()
        if _text_length(message) > _LARGE:
            self._behind = message
            asyncio.get_running_loop().call_soon(self._catch_up)
        else:
            self._handle(message)

    def _catch_up(self) -> None:
        message, self._behind = self._behind, None
        if message is not None:
            self._handle(message)

    def _handle(self, message: Any) -> None:
        """Handle one message; requests before `initialize` and after `shutdown` get the errors LSP names."""
        method, msg_id = getattr(message, "method", ""), getattr(message, "id", None)
        if msg_id is not None and method and (error := self._out_of_turn(method)) is not None:
            self._send_response(msg_id, error=error)
            return
        super().handle_message(message)

    def _check_handler_result(self, future: Future[Any]) -> None:
        """Forget a notification that is dealt with; pygls keeps it until the process ends, 1.9 kB for each key."""
        super()._check_handler_result(future)
        for number in [number for number, kept in self._request_futures.items() if kept is future]:
            del self._request_futures[number]

    def when_cancelled(self, callback: Callable[[], Any]) -> None:
        """Have `callback` called when the client cancels the request that is being handled.

        The handler of a command needs it: pygls cancels only the future of its answer.
        """
        if (number := self.msg_id) is not None:
            self._when_cancelled[number] = callback

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        super()._handle_cancel_notification(msg_id)
        if (callback := self._when_cancelled.pop(msg_id, None)) is not None:
            callback()

    def _send_handler_result(self, future: Future[Any], *, msg_id: Any) -> None:
        if not future.cancelled():
            self._when_cancelled.pop(msg_id, None)
        super()._send_handler_result(future, msg_id=msg_id)

    @property
    def shut_down(self) -> bool:
        """Whether the client has asked for the shutdown, as it should before it leaves."""
        return bool(self._shutdown)

    def _out_of_turn(self, method: str) -> types.ResponseError | None:
        if self._shutdown:
            code: int = types.ErrorCodes.InvalidRequest
            return types.ResponseError(code=code, message="the server is shutting down")
        if self._workspace is None and method != types.INITIALIZE:
            code = types.ErrorCodes.ServerNotInitialized
            return types.ResponseError(code=code, message=f"{method} came before initialize")
        return None

    def use_own_workspace(self, params: types.InitializeParams) -> DocumentWorkspace:
        """Replace pygls' workspace, just made, by our own with the same folders and position encoding."""
        old = self.workspace
        self._workspace = own = DocumentWorkspace(
            old.root_uri, workspace_folders=params.workspace_folders or [], position_encoding=old.position_encoding
        )
        return own
