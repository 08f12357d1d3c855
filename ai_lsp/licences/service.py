"""The service that builds a licence index, which ends when all is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ai_lsp.index.inbox import Inbox
from ai_lsp.index.schema import path_for
from ai_lsp.index.service import Service
from ai_lsp.index.status import Status
from ai_lsp.licences.builder import Builder
from ai_lsp.licences.settings import Settings
from ai_lsp.licences.store import Store


def licence_service(
    root: Path, folder: Path, settings: Settings, inbox: Inbox, send: Callable[[Status], None]
) -> Service[Store]:
    """Return what keeps the index of `root` in `folder`. It closes `inbox` when nothing is left to do."""
    root = root.resolve()
    path = path_for(root, folder)

    def tell(status: Status) -> None:
        send(status)
        if status.kind in ("ready", "limited") and not inbox.scan and not inbox.paths:
            inbox.put(None)

    return Service(
        root,
        path,
        lambda replace: Store(path, replace=replace),
        lambda store: Builder(root, store, settings, path),
        inbox,
        tell,
    )
