"""The LSP handlers of actions; each one reads, calls one method and converts."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from ai_lsp.actions.action import Refused
from ai_lsp.plain import plain
from ai_lsp.workbench import models
from ai_lsp.workbench.chatting import CHAT
from ai_lsp.workbench.menu import KINDS, REPORT, RUN, SHOW_WHY
from ai_lsp.workbench.models import USE_MODEL
from ai_lsp.workbench.order import Order, order_from
from ai_lsp.workbench.work import apart

if TYPE_CHECKING:
    from ai_lsp.server import Server

CHATS = "ai-lsp.chats"
FORGET_CHAT = "ai-lsp.forget-chat"
COMMANDS: Mapping[str, str] = {
    RUN: "Run an action and apply its edit, or show its text; return what came of it.",
    SHOW_WHY: "Show how a suggestion came about, as a document: the one with the given id, or the latest.",
    CHATS: "Return the conversations that are kept, the newest first, as JSON.",
    FORGET_CHAT: "Delete the conversation of that name; return whether there was one.",
    USE_MODEL: "Have a model do the job of a role from now on, by the user's own settings; return the model.",
    REPORT: "Keep a suggestion, and what is said of it, in a file on this machine; return the file's name.",
}


def register(server: Server) -> None:
    """Register the handlers of code actions and their commands."""
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction | types.Command] | None:
        return await server.workbench.offer(params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        if action.edit is None and action.data is not None:
            action.edit = await server.workbench.edit_for(_order(action.data))
        return action

    @server.command(RUN)
    async def run(*arguments: Any) -> dict[str, Any] | None:
        return await _aside(server, server.workbench.run(_order(arguments[0] if arguments else None)))

    @server.command(SHOW_WHY)
    async def show_why(*numbers: Any) -> None:
        await server.workbench.show_why(_number(numbers))

    @server.command(REPORT)
    async def report(*arguments: Any) -> str | None:
        comment = arguments[1] if len(arguments) > 1 and isinstance(arguments[1], str) else ""
        return await server.workbench.report(_number(arguments), comment)

    @server.command(USE_MODEL)
    async def use_model(*arguments: Any) -> str | None:
        role, model = (*map(str, arguments[:2]), "", "")[:2]
        return await models.choose(server, role, model)


def register_chat(server: Server) -> None:
    """Register the handlers of chat."""

    @server.feature(CHAT)
    async def chat(params: Any) -> dict[str, Any]:
        return await server.chatting.ask(plain(params))

    @server.command(CHATS)
    async def chats(*_nothing: Any) -> list[dict[str, Any]]:
        return await server.chatting.conversations()

    @server.command(FORGET_CHAT)
    async def forget(*names: Any) -> bool:
        return await server.chatting.forget(str(names[0]) if names else "")


async def _aside(server: Server, work: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any] | None:
    """Return what work comes to; None at once for a client that must not be kept waiting."""
    if server.workbench.able.blocks:
        server.run(_forgetting(work))
        return None
    return cast("dict[str, Any] | None", await apart(work, server.protocol.when_cancelled))


async def _forgetting(work: Coroutine[Any, Any, Any]) -> None:
    await work


def _order(value: Any) -> Order:
    try:
        return order_from(value)
    except Refused as error:
        raise JsonRpcInvalidParams(str(error)) from error


def _number(arguments: tuple[Any, ...]) -> int | None:
    return arguments[0] if arguments and isinstance(arguments[0], int) else None
