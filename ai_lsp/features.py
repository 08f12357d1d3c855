"""The LSP handlers, in the order of the specification; each one reads, calls one method and converts."""

from __future__ import annotations

import re
from typing import Any

from lsprotocol import types

from ai_lsp import answers, heap, history
from ai_lsp.completion.disclosure import as_dict
from ai_lsp.server import Server
from ai_lsp.status import report
from ai_lsp.workbench import features as actions

WHY = "ai-lsp.why"
STATS = "ai-lsp.stats"
STATUS = "ai-lsp.status"
DIAGNOSTICS = "ai-lsp/diagnostics"
"""A client passes on what language servers have told it, as they did by ``textDocument/publishDiagnostics``."""
COMMANDS = {
    answers.ACCEPTED: "Tell the server that a suggestion was accepted; clients run it from the item's `command`.",
    WHY: "Return how a suggestion came about, as JSON: the one with the given id, or the latest.",
    STATS: "Return how many requests were answered, shown and accepted since the start, and how fast, as JSON.",
    STATUS: "Return the state of the engine, the options in force and what filters did lately, as JSON.",
    **actions.COMMANDS,
}
"""Every command that `workspace/executeCommand` takes."""

_ALL_FILES = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(pattern=types.FileOperationPattern("**/*"), scheme="file")]
)
_WORD = re.compile(r"\w*\Z")


def create() -> Server:
    """Return a server with all handlers registered."""
    heap.share()  # before any thread
    server = Server()
    _lifecycle(server)
    _documents(server)
    _workspace(server)
    _inline_completion(server)
    _completion(server)
    _notifications(server)
    _commands(server)
    actions.register(server)
    actions.register_chat(server)
    return server


def _lifecycle(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.begin(params)

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        server.run(server.start_working())

    @server.feature(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.leave()


def _documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.typist.focused(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.typist.edited(params)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.typist.closed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.saved(params.text_document.uri)


def _workspace(server: Server) -> None:
    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            server.configure(params.settings)
            server.start_engine()
        else:
            server.run(server.ask_client_for_settings())

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.files_changed([change.uri for change in params.changes])

    @server.feature(types.WORKSPACE_DID_RENAME_FILES, _ALL_FILES)
    def did_rename_files(params: types.RenameFilesParams) -> None:
        for file in params.files:
            server.knowledge.journal.renamed(file.old_uri, file.new_uri)
        server.files_changed([uri for file in params.files for uri in (file.old_uri, file.new_uri)])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(_params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.open_folders()


def _inline_completion(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
    async def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList | None:
        server.client.uses_inline = True
        context = params.context
        selected = context.selected_completion_info
        manual = context.trigger_kind == types.InlineCompletionTriggerKind.Invoked
        found = await server.typist.suggest(
            params.text_document.uri, params.position, manual=manual, selected=selected
        )
        if found is None:
            return None
        trace, _document = found
        return types.InlineCompletionList(answers.inline_items(trace, params.position, selected))


def _completion(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(resolve_provider=False))
    async def completion(params: types.CompletionParams) -> types.CompletionList | None:
        if server.client.uses_inline or not server.options.completion.fallback_completion:
            return None
        uri = params.text_document.uri
        found = await server.typist.suggest(uri, params.position, manual=False)
        if found is None:
            return types.CompletionList(is_incomplete=True, items=[])
        trace, document = found
        line, column = document.index(params.position)
        word = _WORD.search(document.lines[line][:column])
        item = answers.completion_item(trace, document, line, column, word.group() if word else "")
        return types.CompletionList(is_incomplete=True, items=[item])


def _notifications(server: Server) -> None:
    """Register what Copilot's language server made familiar; their parameters are in no specification."""

    @server.feature("textDocument/didShowCompletion")
    def did_show_completion(params: Any) -> None:
        server.history.show(params)

    @server.feature("textDocument/didPartiallyAcceptCompletion")
    def did_partially_accept_completion(params: Any) -> None:
        server.history.accept_part(params)

    @server.feature(DIAGNOSTICS)
    def did_publish_diagnostics(params: Any) -> None:
        server.knowledge.took_diagnostics(params)

    @server.feature("textDocument/didFocus")
    def did_focus(params: Any) -> None:
        if (uri := history.focused_uri(params)) is not None:
            server.typist.focused(uri)


def _commands(server: Server) -> None:
    """Register the commands. pygls takes the first annotation for a class; one that fits the server gets it."""

    @server.command(answers.ACCEPTED)
    def accepted(*numbers: int) -> None:
        number, which = (*numbers[:2], 0)[:2] if numbers else (None, 0)
        if isinstance(number, int) and (outcome := server.history.get(number)) is not None:
            server.history.accept(outcome, which)

    @server.command(WHY)
    def why(*numbers: int) -> dict[str, Any] | None:
        number = numbers[0] if numbers else None
        outcome = server.history.get(number if isinstance(number, int) else None)
        if outcome is None:
            return None
        return {
            **as_dict(outcome.trace),
            "shown": outcome.shown,
            "accepted": outcome.accepted,
            "alternative": outcome.alternative,
            "acceptedLength": outcome.accepted_length,
        }

    @server.command(STATS)
    def stats(*_nothing: int) -> dict[str, Any]:
        flights = server.typist.pipeline.flights
        return {**server.history.summary(), "started": flights.launched, "completed": flights.completed}

    @server.command(STATUS)
    def status(*_nothing: int) -> dict[str, Any]:
        return report(server)
