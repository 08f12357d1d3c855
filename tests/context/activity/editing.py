"""Documents that are edited as a client edits them, with a journal that is told."""

from pathlib import Path

from lsprotocol import types
from pygls.workspace import PositionCodec

from ai_lsp.completion.window import place_at
from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.activity.journal import Journal
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document


class Desk:
    """Open documents and their journal, at a time that is set by hand."""

    def __init__(self, *followers) -> None:
        self.now = 0.0
        self.journal = Journal(followers)
        self.documents: dict[str, Document] = {}
        self.unreadable: set[Path] = set()
        self.editor = Editor(
            lambda: self.documents,
            lambda uri: uri.removeprefix("file:///w/"),
            lambda path: path not in self.unreadable,
            lambda: self.now,
        )

    def open(self, name: str, text: str, language: str = "python") -> Document:
        document = Document(
            f"file:///w/{name}", text, version=1, language_id=language, position_codec=PositionCodec("utf-32")
        )
        self.documents[document.uri] = document
        self.journal.opened(document)
        return document

    def close(self, document: Document) -> None:
        self.journal.closed(document)
        del self.documents[document.uri]

    def replace(self, document: Document, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Replace a range that is within the document."""
        lines = [*document.lines[start[0] : end[0] + 1]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        span = types.Range(types.Position(*start), types.Position(*end))
        document.apply_change(types.TextDocumentContentChangePartial(span, text))
        document.version = (document.version or 0) + 1
        self.journal.edited(document, *start, "".join(lines), text, self.now)

    def type(self, document: Document, line: int, column: int, text: str) -> None:
        """Type a text key by key."""
        for key in text:
            self.replace(document, (line, column), (line, column), key)
            line, column = (line + 1, 0) if key == "\n" else (line, column + 1)

    def reload(self, document: Document, text: str) -> None:
        """Replace the whole text."""
        before = document.source
        document.apply_change(types.TextDocumentContentChangeWholeDocument(text))
        document.version = (document.version or 0) + 1
        self.journal.edited(document, 0, 0, before, document.source, self.now)

    def query(self, document: Document, line: int, column: int, *, chars: int = 6000, after: int = 3000) -> Query:
        path = self.editor.display_path(document.uri)
        place = place_at(document, line, column, path=path, prefix_chars=chars, suffix_chars=after)
        return Query(place, document, Path("/w"), Path("/w") / path)


def numbered(n: int, start: int = 0) -> str:
    """Lines that name themselves: `a0`, `a1`, ..."""
    return "".join(f"a{number}\n" for number in range(start, start + n))


def shown(document: Document, start: int, stop: int) -> tuple[str, ...]:
    return tuple(line.rstrip("\r\n") for line in document.lines[start:stop])
