"""The open documents: their lines, changes, positions and windows, at a cost that does not grow with the file.

pygls' own `TextDocument` rebuilds the whole text at each change, splits it at characters that LSP does not count
as line ends, and converts columns character by character in Python.
"""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path, urlparse
from pygls.workspace import PositionCodec, ServerTextPosition, ServerTextRange, TextDocument, Workspace

logger = logging.getLogger(__name__)

_ENCODERS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}
"""Python's name of each position encoding other than UTF-32, and the bytes in one of its units."""


def split_lines(text: str) -> list[str]:
    r"""Split at ``\n``, ``\r\n`` and ``\r`` only, as LSP does; each line keeps its end, and the last has none.

    The result is never empty, and a text that ends in a line end has an empty last line.
    """
    if "\r" not in text:
        *ended, last = text.split("\n")
        return [line + "\n" for line in ended] + [last]
    lines = list(io.StringIO(text, newline=""))
    return [*lines, ""] if text.endswith(("\n", "\r")) else lines


def line_end(line: str) -> str:
    r"""Return the ``\n``, ``\r\n`` or ``\r`` that ends `line`, or an empty text."""
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1:] if line.endswith(("\n", "\r")) else ""


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _clamp(line: str, column: int) -> int:
    return max(0, min(column, len(line) - len(line_end(line))))


def _end(lines: Sequence[str]) -> ServerTextPosition:
    return ServerTextPosition(len(lines) - 1, len(lines[-1])) if lines else ServerTextPosition(0, 0)


def _moved(anchor: int, end: ServerTextPosition, added: int) -> int:
    """Return where the text of line `anchor` is after an edit that ended at `end` and added that many lines."""
    below = anchor > end.line or (anchor, 0) == (end.line, end.character)
    return anchor + added if below else max(0, min(anchor, end.line + added))


class Codec(PositionCodec):
    """Converts columns between code points and the client's units, in C instead of pygls' loops."""

    def __init__(self, encoding: types.PositionEncodingKind | str | None = "utf-16") -> None:
        super().__init__(encoding)
        name = str(getattr(encoding, "value", encoding))
        self._encoder = None if name == "utf-32" else _ENCODERS.get(name, _ENCODERS["utf-16"])

    def client_num_units(self, string: str) -> int:
        """Return the number of the client's units in `string`."""
        if self._encoder is None or string.isascii():
            return len(string)
        name, width = self._encoder
        return len(string.encode(name, "surrogatepass")) // width

    def position_from_client_units(self, lines: Sequence[str], position: types.Position) -> ServerTextPosition:
        """Return the line and the column in code points that `position` means.

        A position past the end of its line or inside a character goes back to the nearest one that is not; one
        past the last line is the end of the text.
        """
        if position.line >= len(lines):
            return _end(lines)
        line = lines[position.line]
        return ServerTextPosition(position.line, _clamp(line, self._code_points(line, position.character)))

    def position_to_client_units(
        self, lines: Sequence[str], position: ServerTextPosition | types.Position
    ) -> types.Position:
        """Return the client's position of a line and a column in code points, clamped into the text."""
        found = position if position.line < len(lines) else _end(lines)
        line = lines[found.line] if lines else ""
        column = _clamp(line, found.character)
        return types.Position(found.line, column if line.isascii() else self.client_num_units(line[:column]))

    def _code_points(self, line: str, units: int) -> int:
        if self._encoder is None or line.isascii():
            return units
        # A code point has at least one unit, so the first `units` code points are all that can matter. What is
        # malformed is only the character that is cut in two at the end, and that one is to be left out.
        name, width = self._encoder
        encoded = line[:units].encode(name, "surrogatepass")
        return len(encoded[: units * width].decode(name, "ignore"))


class Document(TextDocument):
    """One open document, kept as a list of lines of which a change touches only those that it changes.

    Without a `source` the text is the file's, or empty where there is none that can be read. Lone surrogates,
    which no encoder takes, become U+FFFD; that has as many units in every position encoding.
    """

    anchors: list[int]
    """Lines that stay at their text: they move when lines above them come and go."""
    n_chars: int
    """The text's length in code points."""
    n_bytes: int
    """The text's length in UTF-8 bytes."""

    def __init__(self, uri: str, source: str | None = None, *arguments: Any, **options: Any) -> None:
        super().__init__(uri, None, *arguments, **options)
        self._position_codec = Codec(self._position_codec.encoding)
        self.anchors = []
        self._reset(self._read() if source is None else source)

    def _read(self) -> str:
        path = to_fs_path(self.uri)
        try:
            return Path(path).read_bytes().decode("utf-8-sig", "replace") if path else ""
        except OSError as error:
            logger.info("%s cannot be read: %s", self.uri, error)
            return ""

    def _reset(self, text: str) -> None:
        self._source = text = _encodable(text)
        self._lines = split_lines(text)
        self._ends = Counter(map(line_end, self._lines))
        self.n_chars, self.n_bytes = len(text), _size(text)
        self.anchors = [min(anchor, len(self._lines) - 1) for anchor in self.anchors]

    @property
    def lines(self) -> list[str]:
        """The lines, each with its own end; the last has none. This is the live list: read it, never keep it."""
        return self._lines

    @property
    def source(self) -> str:
        """The whole text, joined once after a change."""
        if self._source is None:
            self._source = "".join(self._lines)
        return self._source

    @property
    def eol(self) -> str:
        r"""The line end that most lines have; ``\n`` when none has one."""
        return max(("\n", "\r\n", "\r"), key=self._ends.__getitem__)

    def index(self, position: types.Position) -> tuple[int, int]:
        """Return the line and the column in code points of the client's `position`, clamped into the text."""
        found = self._position_codec.position_from_client_units(self._lines, position)
        return found.line, found.character

    def position(self, line: int, column: int) -> types.Position:
        """Return the client's position of a line and a column in code points, clamped into the text."""
        found = ServerTextPosition(max(0, line), max(0, column))
        return self._position_codec.position_to_client_units(self._lines, found)

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Apply one change of a ``textDocument/didChange``; a reversed range is turned round."""
        span = getattr(change, "range", None)
        if span is None:
            self._reset(change.text)
        else:
            start, end = sorted((self.index(span.start), self.index(span.end)))
            self._replace(ServerTextPosition(*start), ServerTextPosition(*end), _encodable(change.text))

    def _replace(self, start: ServerTextPosition, end: ServerTextPosition, text: str) -> None:
        removed = self.text_in_server_range(ServerTextRange(start, end))
        self.n_chars += len(text) - len(removed)
        self.n_bytes += _size(text) - _size(removed)
        lines, first = self._lines, start.line
        touched = lines[first][: start.character] + text + lines[end.line][end.character :]
        if touched.startswith("\n") and first and lines[first - 1].endswith("\r"):
            first -= 1
            touched = lines[first] + touched
        pieces = split_lines(touched)
        if end.line + 1 < len(lines):
            pieces.pop()
        self._ends.subtract(map(line_end, lines[first : end.line + 1]))
        self._ends.update(map(line_end, pieces))
        added = len(pieces) - (end.line + 1 - first)
        self.anchors = [_moved(anchor, end, added) for anchor in self.anchors]
        lines[first : end.line + 1] = pieces
        self._source = None

    def text_in_server_range(self, range: ServerTextRange) -> str:  # noqa: A002 - pygls calls it so
        """Return the text from `range.start` to `range.end`, at a cost of the lines between them."""
        lines = self._lines[range.start.line : range.end.line + 1]
        lines[-1] = lines[-1][: range.end.character]
        lines[0] = lines[0][range.start.character :]
        return "".join(lines)

    def window(
        self, line: int, column: int, before_chars: int, after_chars: int, from_line: int | None = None
    ) -> tuple[str, str]:
        r"""Return the text before and after a place, at most so many code points, each line end as ``\n``.

        Lines are whole, but for those that are longer than the budget themselves: of these the part nearest to
        the place is taken. The text before starts no earlier than at `from_line`. The cost depends on the
        budgets, not on the document.
        """
        line = max(0, min(line, len(self._lines) - 1))
        column = _clamp(self._lines[line], column)
        first = 0 if from_line is None else max(0, min(from_line, line))
        return self._before(line, column, before_chars, first), self._after(line, column, after_chars)

    def _before(self, line: int, column: int, budget: int, first: int) -> str:
        pieces: list[str] = []
        room = budget
        for number in range(line, first - 1, -1):
            text = self._lines[number]
            stop, end = (column, "") if number == line else (_clamp(text, len(text)), "\n")
            size = stop + len(end)
            if room <= 0 or room < size <= budget:
                break
            pieces.append(text[max(0, size - room) : stop] + end)
            room -= size
        return "".join(reversed(pieces))

    def _after(self, line: int, column: int, budget: int) -> str:
        pieces: list[str] = []
        room = budget
        for number in range(line, len(self._lines)):
            text = self._lines[number]
            start, stop = column if number == line else 0, _clamp(text, len(text))
            end = "\n" if stop < len(text) else ""
            size = stop - start + len(end)
            if room <= 0 or room < size <= budget:
                break
            pieces.append(text[start : min(stop, start + room)] + (end if size <= room else ""))
            room -= size
        return "".join(pieces)


class DocumentWorkspace(Workspace):
    """pygls' workspace, holding `Document`s and naming them as a person would."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._position_codec = Codec(self._position_encoding)

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

    def root_for(self, uri: str) -> Path | None:
        """Return the innermost workspace folder that holds the document; None for one outside of all."""
        path = self._local_path(uri)
        folders = [to_fs_path(folder.uri) for folder in self._folders.values()] or [self._root_path]
        roots = [Path(folder) for folder in folders if folder and path and path.is_relative_to(folder)]
        return max(roots, key=lambda root: len(root.parts), default=None)

    def display_path(self, uri: str) -> str:
        """Return the document's path within its workspace folder, with ``/``; else its file's name.

        A notebook's cell has the notebook's path.
        """
        path = self._local_path(uri)
        if path is None:
            return PurePosixPath(urlparse(uri)[2]).name or uri
        root = self.root_for(uri)
        return path.relative_to(root).as_posix() if root else path.name

    def _local_path(self, uri: str) -> Path | None:
        notebook = self.get_notebook_document(cell_uri=uri)
        scheme, _, place = (notebook.uri if notebook else uri).partition(":")
        # The editor's own schemes for what has, or will have, a path on this machine.
        if scheme not in ("file", "untitled", "vscode-notebook-cell") or not place.startswith("/"):
            return None
        path = to_fs_path(f"file:{place}")
        return Path(path) if path else None
