"""What a client can do with code actions, edits and documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from ai_lsp.plain import plain

ASK = "ai-lsp.ask-instruction"
"""A client's own command, which asks the user for an instruction and runs the order in its argument with that."""
_BLOCKS = ("helix", "emacs", "eglot")
"""Clients that stand still while they wait for `codeAction/resolve` or a command, or give up after ten seconds."""


@dataclass(frozen=True)
class Abilities:
    """What there is; all of it is optional in LSP."""

    literals: bool = False
    """Whether it takes code actions, and not commands only."""
    resolves: bool = False
    """Whether it asks for an action's edit when it is chosen."""
    disabled: bool = False
    preferred: bool = False
    annotations: bool = False
    """Whether it asks for confirmation of an edit where that is wanted."""
    document_changes: bool = False
    creates: bool = False
    shows: bool = False
    """Whether it opens a document when it is asked to."""
    progress: bool = False
    blocks: bool = False
    """Whether it must not be kept waiting."""
    asks: bool = False
    """Whether it has the command `ASK`."""


def abilities(capabilities: types.ClientCapabilities, client: str) -> Abilities:
    """Return what a client of that name can do by its capabilities."""
    document, workspace, window = capabilities.text_document, capabilities.workspace, capabilities.window
    action = document.code_action if document else None
    edit = workspace.workspace_edit if workspace else None
    operations = (edit.resource_operations or ()) if edit else ()
    creates = types.ResourceOperationKind.Create in operations
    blocks = client.lower().startswith(_BLOCKS)
    resolve = action.resolve_support if action else None
    return Abilities(
        literals=bool(action and action.code_action_literal_support),
        resolves=bool(resolve and "edit" in resolve.properties and action and action.data_support) and not blocks,
        disabled=bool(action and action.disabled_support),
        preferred=bool(action and action.is_preferred_support),
        annotations=bool(edit and edit.change_annotation_support),
        # Neovim says that it can make files, which are document changes, and not that it can do those.
        document_changes=bool(edit and (edit.document_changes or creates)),
        creates=creates,
        shows=bool(window and window.show_document and window.show_document.support),
        progress=bool(window and window.work_done_progress),
        blocks=blocks,
        asks=ASK in _own_commands(capabilities),
    )


def _own_commands(capabilities: types.ClientCapabilities) -> Collection[Any]:
    """Return the commands that a client runs itself, which it says as rust-analyzer's clients do."""
    found = plain(capabilities.experimental)
    for _ in range(2):
        found = found.get("commands") if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else ()
