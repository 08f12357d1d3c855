"""What the server asks of its client, which may be slow to answer, or never do so."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

CLIENT_SECONDS = 2.0
"""How long the server waits for a client's answer to a request of its own; some clients never answer."""
_USER_SECONDS = 60.0
"""How long it waits for a person's."""
_YES = "Allow"


async def settings(server: LanguageServer, section: str) -> Any:
    """Return the client's settings of that section; None where it has none or does not answer in time."""
    workspace = server.client_capabilities.workspace
    if not (workspace and workspace.configuration):
        return None
    params = types.ConfigurationParams([types.ConfigurationItem(section=section)])
    try:
        found = await asyncio.wait_for(server.workspace_configuration_async(params), CLIENT_SECONDS)
    except Exception as error:
        log.info("the client gave no settings: %r", error)
        return None
    return found[0] if found else None


async def watch_files(server: LanguageServer) -> None:
    """Have the client say when files of its folders change, if it can."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if not (watching and watching.dynamic_registration):
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    params = types.RegistrationParams([types.Registration("ai-lsp-files", method, options)])
    try:
        await asyncio.wait_for(server.client_register_capability_async(params), CLIENT_SECONDS)
    except Exception as error:
        log.info("the client does not watch files: %r", error)


async def confirm(server: LanguageServer, question: str) -> bool:
    """Ask the user a question of yes or no; no answer in time is a no."""
    actions = [types.MessageActionItem(_YES), types.MessageActionItem("Not now")]
    params = types.ShowMessageRequestParams(types.MessageType.Warning, question, actions)
    try:
        answer = await asyncio.wait_for(server.window_show_message_request_async(params), _USER_SECONDS)
    except Exception as error:
        log.info("the client confirmed nothing: %r", error)
        return False
    return answer is not None and answer.title == _YES
