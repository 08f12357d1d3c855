"""From a client's parameters to what actions are chosen by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lsprotocol import types

from ai_lsp.actions.around import Around, look
from ai_lsp.actions.offer import Sight
from ai_lsp.actions.subject import Text, Told
from ai_lsp.documents import Document
from ai_lsp.paths import repository_of
from ai_lsp.workbench.order import Order

if TYPE_CHECKING:
    from ai_lsp.server import Server

_LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


def language_of_user(locale: str) -> str:
    """Return the language of a client's locale, such as ``de-AT``, in English."""
    return _LANGUAGES.get(locale.replace("_", "-").split("-")[0].lower(), "English")


async def sight_of(server: Server, document: Document, params: types.CodeActionParams) -> Sight:
    """Return what is known where code actions are asked for."""
    (first, begin), (last, column) = document.index(params.range.start), document.index(params.range.end)
    selected = not _is_cursor(document.lines, (first, begin), (last, column))
    if not selected:
        last = first
    elif column == 0 and last > first:
        last -= 1
    told = tuple(_told(document, one) for one in params.context.diagnostics)
    found = await _sight(server, document, first, last, selected, told)
    return replace(found, can_ask=server.workbench.able.asks)


def _is_cursor(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether a range has one character at most, or a line's end: Helix's cursor is no less than that."""
    (first, begin), (last, stop) = start, end
    if first == last:
        return stop - begin <= 1
    return last == first + 1 and stop == 0 and begin >= len(lines[first].rstrip("\r\n"))


async def sight_again(server: Server, document: Document, order: Order) -> Sight:
    """Return what is known at an order's place now."""
    end = len(document.lines) - 1
    first, last = min(order.first, end), min(order.last, end)
    return await _sight(server, document, first, last, order.selected, order.diagnostics)


async def _sight(
    server: Server, document: Document, first: int, last: int, selected: bool, told: tuple[Told, ...]
) -> Sight:
    tree = server.knowledge.trees.of(document)
    version = document.version
    root = await tree.root()
    around = Around()
    if root is not None and document.version == version:
        around = look(root, tree.grammar, document.lines, first, last)
    folder = server.documents.root_for(document.uri)
    return Sight(
        document.lines,
        document.language_id or "",
        first,
        last,
        selected,
        around,
        told,
        in_repository=folder is not None and repository_of(folder) is not None,
    )


def text_of(server: Server, document: Document) -> Text:
    """Return a document's text as it is now."""
    documents = server.documents
    file, root = documents.file_of(document.uri), documents.root_for(document.uri)
    return Text(
        document.uri,
        documents.display_path(document.uri),
        str(file) if file is not None else "",
        str(root) if root is not None else "",
        document.language_id or "",
        document.version or 0,
        list(document.lines),
        document.eol,
    )


def _told(document: Document, one: types.Diagnostic) -> Told:
    (line, _), (last, _) = document.index(one.range.start), document.index(one.range.end)
    return Told(line, max(line, last), one.message, int(one.severity or 1))
