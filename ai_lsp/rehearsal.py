"""The messages of typing converted once before they come.

cattrs writes and compiles the converter of a class at its first use. For a ``didChange``, or a reply with a
suggestion, that takes 10 ms and more in one go, on the event loop, at the first key.
"""

from __future__ import annotations

import linecache
import threading
from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from ai_lsp.protocol import Protocol

_POSITION = {"line": 0, "character": 0}
_RANGE = {"start": _POSITION, "end": _POSITION}
_DOCUMENT = {"uri": "file:///", "version": 1}
_AT = {"textDocument": _DOCUMENT, "position": _POSITION}
_POPUP = {"range": _RANGE, "text": ""}

COMING: dict[str, dict[str, Any]] = {
    types.TEXT_DOCUMENT_DID_OPEN: {"textDocument": {**_DOCUMENT, "languageId": "", "text": ""}},
    types.TEXT_DOCUMENT_DID_CHANGE: {"textDocument": _DOCUMENT, "contentChanges": [{"range": _RANGE, "text": ""}]},
    types.TEXT_DOCUMENT_DID_SAVE: {"textDocument": _DOCUMENT},
    types.TEXT_DOCUMENT_DID_CLOSE: {"textDocument": _DOCUMENT},
    types.TEXT_DOCUMENT_INLINE_COMPLETION: {
        **_AT,
        "context": {"triggerKind": 2, "selectedCompletionInfo": _POPUP},
    },
    types.TEXT_DOCUMENT_COMPLETION: {**_AT, "context": {"triggerKind": 1}},
    types.WORKSPACE_EXECUTE_COMMAND: {"command": "", "arguments": [1]},
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: {"changes": [{"uri": "file:///", "type": 1}]},
    types.CANCEL_REQUEST: {"id": 1},
}
"""Parameters of what clients send, by method."""

_SPAN = types.Range(types.Position(0, 0), types.Position(0, 0))
_ACCEPTED = types.Command(title="", command="", arguments=[1, 0])
GOING = (
    types.InlineCompletionResponse(
        id=1, result=types.InlineCompletionList([types.InlineCompletionItem("", range=_SPAN, command=_ACCEPTED)])
    ),
    types.CompletionResponse(
        id=1,
        result=types.CompletionList(
            is_incomplete=True,
            items=[types.CompletionItem("", text_edit=types.TextEdit(_SPAN, ""), command=_ACCEPTED)],
        ),
    ),
    types.ResponseErrorMessage(id=1, error=types.ResponseError(code=0, message="")),
)
"""What is sent back."""


def rehearse(protocol: Protocol) -> None:
    """Convert all of them, in a thread of its own. Returns at once."""
    threading.Thread(target=_rehearse, args=(protocol,), name="ai-lsp rehearsal", daemon=True).start()


def _rehearse(protocol: Protocol) -> None:
    for method, params in COMING.items():
        protocol.structure_message({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    for message in GOING:
        protocol.unstructure(message)
    # For tracebacks attrs and cattrs leave the text of all that they generate there: 2 MB.
    linecache.clearcache()
