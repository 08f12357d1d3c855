"""From a finished trace to what LSP clients understand."""

from __future__ import annotations

from lsprotocol import types

from ai_lsp.completion.trace import Trace
from ai_lsp.documents import Document

ACCEPTED = "ai-lsp.accepted"
"""The command that a client runs when a suggestion was accepted; see `accept_command` for its arguments."""

_LABEL_LENGTH = 60


def accept_command(trace: Trace, number: int = 0) -> types.Command:
    """Return the command that tells us that this suggestion, or its alternative of that number, was accepted."""
    return types.Command(title="AI suggestion accepted", command=ACCEPTED, arguments=[trace.id, number])


def menu_text(text: str, document: Document) -> str:
    """Return a suggestion with the document's own line ends, which Helix inserts as they come."""
    return text if document.eol == "\n" else text.replace("\n", document.eol)


def inline_items(
    trace: Trace, position: types.Position, selected: types.SelectedCompletionInfo | None
) -> list[types.InlineCompletionItem]:
    r"""Return the ghost texts, best first; they extend the popup's `selected` item, as LSP 3.18 asks.

    Lines end in ``\n`` in every document: VS Code converts them, and Neovim 0.12 would save ``\r\r\n``.
    """
    before, span = ("", types.Range(position, position)) if selected is None else (selected.text, selected.range)
    return [
        types.InlineCompletionItem(insert_text=before + text, range=span, command=accept_command(trace, number))
        for number, text in enumerate([trace.text, *trace.alternatives])
    ]


def completion_item(trace: Trace, document: Document, line: int, column: int, word: str) -> types.CompletionItem:
    """Return the suggestion as a menu entry that replaces `word`, the identifier before the cursor.

    It sorts after what language servers offer, and `filterText` starts with what was typed, so that clients
    that filter by prefix or fuzzily keep it.
    """
    text = word + menu_text(trace.text, document)
    first, _, rest = (word + trace.text).strip().partition("\n")
    span = types.Range(document.position(line, column - len(word)), document.position(line, column))
    language = document.language_id or ""
    return types.CompletionItem(
        label=first[:_LABEL_LENGTH] + ("…" if rest or len(first) > _LABEL_LENGTH else ""),
        label_details=types.CompletionItemLabelDetails(description="ai-lsp"),
        kind=types.CompletionItemKind.Text,
        detail="ai-lsp",
        documentation=types.MarkupContent(
            types.MarkupKind.Markdown, f"```{language}\n{(word + trace.text).strip()}\n```"
        ),
        sort_text="\U0010ffff",
        filter_text=text.strip(),
        insert_text_format=types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(span, text),
        command=accept_command(trace),
    )
