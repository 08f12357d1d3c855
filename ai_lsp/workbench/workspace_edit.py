"""From the changes of an action to LSP's workspace edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from ai_lsp.actions.edits import Change
from ai_lsp.actions.forms.form import Result
from ai_lsp.documents import Document
from ai_lsp.workbench.abilities import Abilities

_ANNOTATION = "ai-lsp"


@dataclass(frozen=True)
class Place:
    """A document that is edited, and its version; None for one that is not open."""

    document: Document
    version: int | None


class CannotEdit(Exception):
    """The client lacks what an edit needs; the message says what, and what to do instead."""


def workspace_edit(
    result: Result, edited: Place, other: Callable[[Path], Place], able: Abilities, label: str
) -> types.WorkspaceEdit:
    """Return a result as one edit, which is undone in one step.

    `other` returns the document of a path. Raises CannotEdit for a client that cannot make files.
    """
    pieces: list[tuple[Place, Sequence[Change]]] = []
    if result.changes:
        pieces.append((edited, result.changes))
    pieces += [(other(Path(path)), made) for path, made in result.other]
    if result.files and not (able.creates and able.document_changes):
        raise CannotEdit(f"this editor cannot make files; make {result.files[0].path} with this text")
    if not able.document_changes:
        return types.WorkspaceEdit(
            changes={one.document.uri: edits_of(one.document, made) for one, made in pieces}
        )
    annotation = _ANNOTATION if able.annotations else None
    found: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    for file in result.files:
        uri = from_fs_path(file.path) or ""
        options = types.CreateFileOptions(overwrite=False, ignore_if_exists=False)
        found.append(types.CreateFile(uri, options=options, annotation_id=annotation))
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        found.append(_document_edit(uri, None, [types.TextEdit(start, file.text)], annotation))
    for one, made in pieces:
        found.append(_document_edit(one.document.uri, one.version, edits_of(one.document, made), annotation))
    annotations = {_ANNOTATION: types.ChangeAnnotation(label, needs_confirmation=True)} if annotation else None
    return types.WorkspaceEdit(document_changes=found, change_annotations=annotations)


def edits_of(document: Document, made: Sequence[Change]) -> list[types.TextEdit]:
    """Return changes of a document in the client's positions, with the document's line ends."""
    eol = document.eol
    return [
        types.TextEdit(
            types.Range(document.position(*one.start), document.position(*one.end)),
            one.text if eol == "\n" else one.text.replace("\n", eol),
        )
        for one in made
    ]


def _document_edit(
    uri: str, version: int | None, edits: Sequence[types.TextEdit], annotation: str | None
) -> types.TextDocumentEdit:
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    if annotation is None:
        return types.TextDocumentEdit(identifier, list(edits))
    annotated = [types.AnnotatedTextEdit(annotation, edit.range, edit.new_text) for edit in edits]
    return types.TextDocumentEdit(identifier, list(annotated))
