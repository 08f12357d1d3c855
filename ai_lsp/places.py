"""From the positions that clients speak of to places in documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lsprotocol import types

from ai_lsp.completion.place import Place
from ai_lsp.completion.window import next_window, place_at
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document
from ai_lsp.options import CompletionOptions
from ai_lsp.workspace import DocumentWorkspace


class Places:
    """Finds places; the request for a key is mostly for where its edit ended, which is found once."""

    def __init__(self) -> None:
        self._latest: tuple[tuple[Any, ...], Query] | None = None

    def forget(self) -> None:
        """Drop what was found: a document or the options have changed."""
        self._latest = None

    def query(
        self, documents: DocumentWorkspace, document: Document, line: int, column: int, options: CompletionOptions
    ) -> Query:
        """Return the place at `line` and `column` (code points) of `document`, and where that document lies."""
        key = document.uri, document.version, line, column
        if self._latest is None or self._latest[0] != key:
            place = place_at(
                document,
                line,
                column,
                path=documents.display_path(document.uri),
                prefix_chars=options.prefix_chars,
                suffix_chars=options.suffix_chars,
            )
            file = documents.file_of(document.uri)
            self._latest = key, Query(place, document, documents.root_for(document.uri), file)
        return self._latest[1]

    def following(self, query: Query, options: CompletionOptions) -> Query | None:
        """Return the same place in the window that comes next; None while the present one has room."""
        place, chars = query.place, {"prefix_chars": options.prefix_chars, "suffix_chars": options.suffix_chars}
        found = next_window(query.document, place.line, len(place.line_before), path=place.path, **chars)
        return replace(query, place=found) if found is not None else None


def with_selected(place: Place, document: Document, selected: types.SelectedCompletionInfo) -> Place:
    """Return the place as it would be with the popup's selected item accepted; the answer must extend that."""
    start_line, start = document.index(selected.range.start)
    if start_line != place.line:
        return place
    kept = len(place.prefix) - len(place.line_before) + start
    end_line, end = document.index(selected.range.end)
    replaced_after = max(0, end - len(place.line_before)) if end_line == place.line else 0
    return replace(place, prefix=place.prefix[:kept] + selected.text, suffix=place.suffix[replaced_after:])
