"""Texts for the user to read: opened as a document where the client can, else as a message."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from ai_lsp.folders import cache_folder
from ai_lsp.wishes import CLIENT_SECONDS

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

_KEPT = 30
_MESSAGE_CHARS = 2_000
_numbers = itertools.count(1)


def folder() -> Path:
    """Return where such documents are, in the user's cache."""
    return cache_folder() / "answers"


def write(name: str, text: str, where: Path | None = None) -> Path:
    """Write a Markdown document that only the user can read, and return its path; the oldest are deleted.

    Raises OSError.
    """
    place = where or folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    safe = re.sub(r"[^\w-]+", "-", name).strip("-") or "answer"
    path = place / f"{stamp}-{os.getpid()}-{next(_numbers)}-{safe}.md"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    for old in sorted(place.glob("*.md"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


async def show(server: LanguageServer, name: str, text: str, *, as_document: bool) -> None:
    """Show `text`, which is Markdown, in the way that the client can."""
    if as_document:
        try:
            path = await asyncio.to_thread(write, name, text)
            params = types.ShowDocumentParams(path.as_uri(), take_focus=False)
            shown = await asyncio.wait_for(server.window_show_document_async(params), CLIENT_SECONDS)
        except Exception as error:
            log.info("the client shows no document: %r", error)
        else:
            if shown is not None and shown.success:
                return
    clipped = text if len(text) <= _MESSAGE_CHARS else text[:_MESSAGE_CHARS] + "…"
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, clipped))
