"""The workspace: its folders, the open documents, and how a person would name them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path, urlparse
from pygls.workspace import Workspace

from ai_lsp.completion.place import Place
from ai_lsp.documents import Document
from ai_lsp.positions import Codec
from ai_lsp.providers.completer import Where

logger = logging.getLogger(__name__)


class DocumentWorkspace(Workspace):
    """pygls' workspace, holding `Document`s and naming them as a person would."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._position_codec = Codec(self._position_encoding)
        self.on_open: Callable[[Document], None] = lambda _document: None
        self.on_close: Callable[[Document], None] = lambda _document: None

    @property
    def open_documents(self) -> Mapping[str, Document]:
        """The open documents by URI."""
        return cast("Mapping[str, Document]", self._text_documents)

    def lines_of(self, place: Place) -> Sequence[str] | None:
        """Return all lines of a place's document, ends included; None where it has changed since."""
        document = self.document_of(place)
        return document.lines if document is not None else None

    def document_of(self, place: Place) -> Document | None:
        """Return the document that a place is in; None where it has changed since."""
        document = self.open_documents.get(unquote(place.uri))
        return document if document is not None and (document.version or 0) == place.version else None

    def put_text_document(self, text_document: types.TextDocumentItem, notebook_uri: str | None = None) -> None:
        """Take up a document that the client opens, in the place of one of the same name."""
        super().put_text_document(text_document, notebook_uri)
        self.on_open(self.open_documents[unquote(text_document.uri)])

    def remove_text_document(self, doc_uri: str) -> None:
        """Forget a document that the client closes."""
        if (document := self.open_documents.get(unquote(doc_uri))) is not None:
            self.on_close(document)
            document.observers.clear()  # they hold it, and a text may be megabytes
        super().remove_text_document(doc_uri)

    def _create_text_document(self, doc_uri: str, *arguments: Any, **options: Any) -> Document:
        return Document(
            doc_uri, *arguments, **options, sync_kind=self._sync_kind, position_codec=self._position_codec
        )

    def update_text_document(
        self, text_doc: types.VersionedTextDocumentIdentifier, change: types.TextDocumentContentChangeEvent
    ) -> None:
        """Apply a change; one to a document that was never opened is logged and dropped."""
        if unquote(text_doc.uri) in self._text_documents:
            super().update_text_document(text_doc, change)
        else:
            logger.warning("a change to %s is dropped: it is not open", text_doc.uri)

    @property
    def roots(self) -> list[Path]:
        """The workspace's folders."""
        folders = [to_fs_path(folder.uri) for folder in self._folders.values()] or [self._root_path]
        return [Path(folder) for folder in folders if folder]

    def root_for(self, uri: str) -> Path | None:
        """Return the innermost workspace folder that holds the document; None for one outside of all."""
        path = self.file_of(uri)
        roots = [root for root in self.roots if path and path.is_relative_to(root)]
        return max(roots, key=lambda root: len(root.parts), default=None)

    def display_path(self, uri: str) -> str:
        """Return the document's path within its workspace folder, with ``/``; else its file's name.

        A notebook's cell has the notebook's path.
        """
        path = self.file_of(uri)
        if path is None:
            return PurePosixPath(urlparse(uri)[2]).name or uri
        root = self.root_for(uri)
        return path.relative_to(root).as_posix() if root else path.name

    def where(self, uri: str) -> Where:
        """Return where the document lies, as providers' requests need it."""
        return Where(str(self.file_of(uri) or ""), str(self.root_for(uri) or ""))

    def file_of(self, uri: str) -> Path | None:
        """Return where the document lies, or would lie, on this machine; a cell of a notebook in the notebook."""
        notebook = self.get_notebook_document(cell_uri=uri)
        scheme, _, place = (notebook.uri if notebook else uri).partition(":")
        # The editor's own schemes for what has, or will have, a path on this machine.
        if scheme not in ("file", "untitled", "vscode-notebook-cell") or not place.startswith("/"):
            return None
        path = to_fs_path(f"file:{place}")
        return Path(path) if path else None
