"""The open documents: their lines, changes, positions and windows, at a cost that does not grow with the file.

pygls' own `TextDocument` rebuilds the whole text at each change, splits it at characters that LSP does not count
as line ends, and converts columns character by character in Python.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import ServerTextPosition, ServerTextRange, TextDocument

from ai_lsp.edits import Edit, Observer, moved
from ai_lsp.positions import Codec, clamp, split_lines

logger = logging.getLogger(__name__)

_BEYOND_UFFFF = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
"""The first bytes of the characters that take two units in UTF-16."""


_PIECE = 1 << 16
"""Code points that are encoded at once: few enough to need no new memory, which costs as much as encoding."""
_SPLIT_AT_ONCE = 1 << 19
"""Code points that are split into lines in one turn of the event loop, some 2 ms."""


def _measure(text: str) -> tuple[str, int, bool]:
    """Return `text` without lone surrogates, its UTF-8 bytes, and whether all of it is within U+FFFF."""
    if text.isascii():
        return text, len(text), True
    try:
        n_bytes, narrow = _encoded(text)
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        n_bytes, narrow = _encoded(text)
    return text, n_bytes, narrow


def _encoded(text: str) -> tuple[int, bool]:
    n_bytes, narrow = 0, True
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE].encode()
        n_bytes += len(piece)
        narrow = narrow and not any(byte in piece for byte in _BEYOND_UFFFF)
    return n_bytes, narrow


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _count_ends(text: str, lines: int) -> tuple[int, int, int]:
    r"""Return how many of the `lines` ended lines in `text` end in ``\n``, in ``\r\n`` and in ``\r``."""
    if "\r" not in text:
        return lines, 0, 0
    pairs = text.count("\r\n")
    lone = text.count("\r") - pairs
    return lines - pairs - lone, pairs, lone


class Document(TextDocument):
    """One open document, kept as a list of lines of which a change touches only those that it changes.

    Without a `source` the text is the file's, or empty where there is none that can be read. Lone surrogates,
    which no encoder takes, become U+FFFD; that has as many units in every position encoding.
    """

    anchors: list[int]
    """Indexes of `lines` that stay at their text when lines above come and go; in range once `lines` was read."""
    n_chars: int
    """The text's length in code points."""
    n_bytes: int
    """The text's length in UTF-8 bytes."""
    observers: list[Observer]
    """Called after each change, for a change of a range with the edit."""
    edit_end: tuple[int, int]
    """Line and column (code points) where the text that the latest change of a range put in ends."""

    def __init__(self, uri: str, source: str | None = None, *arguments: Any, **options: Any) -> None:
        super().__init__(uri, None, *arguments, **options)
        self._position_codec = self._codec = Codec(self._position_codec.encoding)
        self.anchors, self.observers, self.edit_end = [], [], (0, 0)
        self._reset(self._read() if source is None else source)

    def _read(self) -> str:
        path = to_fs_path(self.uri)
        try:
            return Path(path).read_bytes().decode("utf-8-sig", "replace") if path else ""
        except OSError as error:
            logger.info("%s cannot be read: %s", self.uri, error)
            return ""

    def _reset(self, text: str) -> None:
        """Take a new text. It is split when its lines are wanted, which is another turn of the event loop."""
        self._source, self.n_bytes, self._codec.narrow = _measure(text)
        self.n_chars = len(self._source)
        self._split: list[str] | None = None
        self._begun: tuple[list[str], int] = [], 0
        self._ends: tuple[int, ...] = ()
        for observer in self.observers:
            observer(None)

    @property
    def lines(self) -> list[str]:
        """The lines, each with its own end; the last has none. This is the live list: read it, never keep it."""
        while self._split is None:
            self.split_some()
        return self._split

    def split_some(self) -> bool:
        """Split the next piece of a new text; tell whether that was the last. Reading `lines` does the rest."""
        if self._split is not None:
            return True
        text, (lines, start) = self.source, self._begun  # changed in one step: another thread may read `lines` now
        stop = text.find("\n", start + _SPLIT_AT_ONCE) + 1 or len(text)
        piece = split_lines(text[start:stop])
        if stop < len(text):
            self._begun = lines + piece[:-1], stop
            return False
        self._split, self._begun = lines + piece, ([], 0)
        self._ends = _count_ends(text, len(self._split) - 1)
        self.anchors = [min(anchor, len(self._split) - 1) for anchor in self.anchors]
        return True

    @property
    def source(self) -> str:
        """The whole text, joined once after a change."""
        if self._source is None:
            self._source = "".join(self.lines)
        return self._source

    @property
    def eol(self) -> str:
        r"""The line end that most lines have; ``\n`` when none has one."""
        counts = self._ends if len(self.lines) > 1 else (0, 0, 0)
        return ("\n", "\r\n", "\r")[counts.index(max(counts))]

    def index(self, position: types.Position) -> tuple[int, int]:
        """Return the line and the column in code points of the client's `position`, clamped into the text."""
        found = self._position_codec.position_from_client_units(self.lines, position)
        return found.line, found.character

    def position(self, line: int, column: int) -> types.Position:
        """Return the client's position of a line and a column in code points, clamped into the text."""
        found = ServerTextPosition(max(0, line), max(0, column))
        return self._position_codec.position_to_client_units(self.lines, found)

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Apply one change of a ``textDocument/didChange``; a reversed range is turned round."""
        span = getattr(change, "range", None)
        if span is None:
            self._reset(change.text)
        else:
            first = self.index(span.start)
            start, end = sorted((first, first if span.end == span.start else self.index(span.end)))
            self._replace(ServerTextPosition(*start), ServerTextPosition(*end), change.text)

    def _replace(self, start: ServerTextPosition, end: ServerTextPosition, text: str) -> None:
        text, n_bytes, narrow = _measure(text)
        removed = self.text_in_server_range(ServerTextRange(start, end))
        self.n_chars += len(text) - len(removed)
        self.n_bytes += n_bytes - _size(removed)
        self._codec.narrow &= narrow
        lines, first = self.lines, start.line
        rest = lines[end.line][end.character :]
        touched = lines[first][: start.character] + text + rest
        begin = (start.line, start.character)
        if touched.startswith("\n") and first and lines[first - 1].endswith("\r"):
            first -= 1
            begin, removed, text = (first, len(lines[first]) - 1), "\r" + removed, "\r" + text
            touched = lines[first] + touched
        if first == end.line and "\n" not in text and "\r" not in text:
            lines[first] = touched
            self.edit_end = first, len(touched) - len(rest)
        else:
            self._replace_lines(first, end, touched, len(rest))
        self._source = None
        for observer in self.observers:
            observer(Edit(begin, (end.line, end.character), self.edit_end, removed, text))

    def _replace_lines(self, first: int, end: ServerTextPosition, touched: str, rest: int) -> None:
        """Replace lines from `first` on by those of `touched`, whose last `rest` code points are not new."""
        lines, last = self.lines, end.line + 1 == len(self.lines)
        replaced, pieces = lines[first : end.line + 1], split_lines(touched)
        if not last:
            pieces.pop()
        gone = _count_ends("".join(replaced), len(replaced) - last)
        come = _count_ends(touched, len(pieces) - last)
        self._ends = tuple(n + new - old for n, new, old in zip(self._ends, come, gone, strict=True))
        added = len(pieces) - len(replaced)
        self.anchors = [moved(anchor, (end.line, end.character), added) for anchor in self.anchors]
        lines[first : end.line + 1] = pieces
        self.edit_end = first + len(pieces) - 1, len(pieces[-1]) - rest

    def text_in_server_range(self, range: ServerTextRange) -> str:  # noqa: A002 - pygls calls it so
        """Return the text from `range.start` to `range.end`, at a cost of the lines between them."""
        lines = self.lines[range.start.line : range.end.line + 1]
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
        line = max(0, min(line, len(self.lines) - 1))
        column = clamp(self.lines[line], column)
        first = 0 if from_line is None else max(0, min(from_line, line))
        return self._before(line, column, before_chars, first), self._after(line, column, after_chars)

    def _before(self, line: int, column: int, budget: int, first: int) -> str:
        if line - first < budget and not any(self._ends[1:]):  # one join where all of it is wanted as it is
            whole = "".join(self.lines[first:line]) + self.lines[line][:column]
            if len(whole) <= budget:
                return whole
        pieces: list[str] = []
        room = budget
        for number in range(line, first - 1, -1):
            text = self.lines[number]
            stop, end = (column, "") if number == line else (clamp(text, len(text)), "\n")
            size = stop + len(end)
            if room <= 0 or room < size <= budget:
                break
            pieces.append(text[max(0, size - room) : stop] + end)
            room -= size
        return "".join(reversed(pieces))

    def _after(self, line: int, column: int, budget: int) -> str:
        if not any(self._ends[1:]):  # one join where no line must be cut
            stop, size = line + 1, len(self.lines[line]) - column
            while stop < len(self.lines) and size + len(self.lines[stop]) <= budget:
                size += len(self.lines[stop])
                stop += 1
            if size <= budget and (stop == len(self.lines) or len(self.lines[stop]) <= budget):
                return self.lines[line][column:] + "".join(self.lines[line + 1 : stop])
        pieces: list[str] = []
        room = budget
        for number in range(line, len(self.lines)):
            text = self.lines[number]
            start, stop = column if number == line else 0, clamp(text, len(text))
            end = "\n" if stop < len(text) else ""
            size = stop - start + len(end)
            if room <= 0 or room < size <= budget:
                break
            pieces.append(text[start : min(stop, start + room)] + (end if size <= room else ""))
            room -= size
        return "".join(pieces)
