"""A server without a model, for what an editor sends and draws: `probe.py FOLDER`, with `menu` for menus only.

`answers.json` in the folder maps the text before the cursor, without indentation, to the texts that are offered
there; what is asked by hand gets all of them, else the first, a menu all of them as its words. What comes in is
appended to `log.jsonl`. A line with "slow" is answered only when the file `go` is there.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

FOLDER = Path(sys.argv[1])


class Protocol(LanguageServerProtocol):
    """Writes down what comes in."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        if "jsonrpc" in data:
            with (FOLDER / "log.jsonl").open("a") as file:
                file.write(json.dumps(data) + "\n")
        return super().structure_message(data)


server = LanguageServer("probe", "1", protocol_cls=Protocol)


def before_cursor(params: types.InlineCompletionParams | types.CompletionParams) -> str:
    lines = server.workspace.get_text_document(params.text_document.uri).lines
    line = lines[params.position.line] if params.position.line < len(lines) else ""
    column = server.workspace.position_codec.position_from_client_units(lines, params.position).character
    return line[:column].strip()


def answers(before: str) -> list[str]:
    return list(json.loads((FOLDER / "answers.json").read_text()).get(before, []))


async def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    before = before_cursor(params)
    while "slow" in before and not (FOLDER / "go").exists():
        await asyncio.sleep(0.01)
    texts = answers(before)
    if params.context.trigger_kind == types.InlineCompletionTriggerKind.Automatic:
        texts = texts[:1]
    return types.InlineCompletionList(
        [
            types.InlineCompletionItem(
                text, command=types.Command("accepted", command="probe.accepted", arguments=[number])
            )
            for number, text in enumerate(texts)
        ]
    )


if "menu" not in sys.argv[2:]:
    server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())(inline_completion)


@server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(resolve_provider=False))
def completion(params: types.CompletionParams) -> list[types.CompletionItem]:
    return [types.CompletionItem(text) for text in answers(before_cursor(params))]


@server.command("probe.accepted")
def accepted(*_arguments: int) -> None:
    """Nothing to do: it is in the log."""


@server.command("ai-lsp.why")
def why(*_arguments: int) -> dict[str, Any]:
    return {"reason": "there is no answer for this line"}


@server.feature("textDocument/didShowCompletion")
@server.feature("textDocument/didPartiallyAcceptCompletion")
@server.feature("textDocument/didFocus")
@server.feature("ai-lsp/diagnostics")
def noted(_params: Any) -> None:
    """Nothing to do: it is in the log."""


server.start_io()
