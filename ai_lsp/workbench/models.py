"""Another model for a role, chosen in the editor."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from lsprotocol import types

from ai_lsp.config import user_file
from ai_lsp.models.store import ModelError
from ai_lsp.roles.choosing import NONE, candidates, use
from ai_lsp.roles.table import ROLES
from ai_lsp.userfile import UserFileError

if TYPE_CHECKING:
    from ai_lsp.server import Server

log = logging.getLogger(__name__)

USE_MODEL = "ai-lsp.use-model"
_SECONDS = 120.0
_MOST = 8
"""Models that are shown: clients have a button or a line for each."""


async def choose(server: Server, role: str, model: str) -> str | None:
    """Have `model` do the job of `role`, one that the user chooses where it is empty; return it.

    None when nothing changed, and the user has been told why.
    """
    chosen = model or await _asked(server, role)
    if not chosen:
        return None
    try:
        await asyncio.to_thread(use, role, chosen, server.options, user_file(os.environ))
    except (ValueError, ModelError, UserFileError) as error:
        _say(server, types.MessageType.Warning, f"{error}")
        return None
    server.configure()
    server.start_engine()
    _say(server, types.MessageType.Info, f"{role} = {chosen}")
    return chosen


def entries(server: Server) -> list[types.CodeAction]:
    """Return a code action for each role that can be chosen."""
    models = server.roles.table.models
    return [
        types.CodeAction(
            f"Use another model for {role} (now {models[role] or NONE})",
            kind="source",
            command=types.Command(f"Use another model for {role}", USE_MODEL, arguments=[role]),
        )
        for role in ROLES
    ]


async def _asked(server: Server, role: str) -> str:
    """Return what the user chooses, empty for nothing."""
    found = await asyncio.to_thread(candidates, server.options, role)
    actions = [types.MessageActionItem(one) for one in found[:_MOST]]
    question = f"ai-lsp: which model is to do {role}?"
    params = types.ShowMessageRequestParams(types.MessageType.Info, question, actions)
    try:
        answer = await asyncio.wait_for(server.window_show_message_request_async(params), _SECONDS)
    except Exception as error:
        log.info("the client chose no model: %r", error)
        return ""
    return answer.title if answer is not None and answer.title in found else ""


def _say(server: Server, kind: types.MessageType, message: str) -> None:
    server.window_show_message(types.ShowMessageParams(kind, f"ai-lsp: {message}"))
