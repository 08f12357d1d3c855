"""Texts as tree-sitter reads them: by pieces, so that a parse can be interrupted and lines need no copy."""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence

_LINES = 128
"""How many lines a piece has at most."""
_BYTES = 1 << 14
"""How many bytes of a line that is longer a piece has."""
_LONE = re.compile(r"\r(?!\n)")


class _Buffers(threading.local):
    """py-tree-sitter 0.26 never lets go of an object that a reader returned, so that it is always this one."""

    def __init__(self) -> None:
        self.piece = bytearray()


_buffers = _Buffers()


class Reader(ABC):
    """What a parser reads, and afterwards the queries over its tree, which ask for the text of nodes."""

    def __init__(self) -> None:
        self.parsing = False
        """Whether a parser reads; else a predicate of a query does, which needs an object of its own."""

    def __call__(self, offset: int, place: tuple[int, int]) -> bytearray | bytes | None:
        """Return some bytes from `offset`, or from row and column (bytes) `place`; None or none at the end."""
        piece = self._from(offset, place)
        if piece is None or not self.parsing:
            return piece
        _buffers.piece[:] = piece
        return _buffers.piece

    @abstractmethod
    def _from(self, _offset: int, _place: tuple[int, int], /) -> bytes | None:
        """Return the bytes for `__call__`."""


class Source(Reader):
    r"""Reads `lines`, which keep their ends; a lone ``\r`` is read as ``\n``, so that rows are LSP's lines.

    The lines may change between two parses.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = lines
        self._long: tuple[str, bytes] = "", b""

    def _from(self, _offset: int, place: tuple[int, int]) -> bytes | None:
        row, column = place
        if row >= len(self.lines):
            return None
        line = self.lines[row]
        if len(line) > _BYTES:
            return self._of_long(line)[column : column + _BYTES]
        return self._piece(row)[column:]

    def _piece(self, row: int) -> bytes:
        lines = self.lines[row : row + _LINES]
        size = 0
        for at, line in enumerate(lines):
            size += len(line)
            if size > _BYTES:
                lines = lines[: max(1, at)]
                break
        return encoded("".join(lines))

    def _of_long(self, line: str) -> bytes:
        if self._long[0] is not line:
            self._long = line, encoded(line)
        return self._long[1]


class Pieces(Reader):
    """Reads `text`, UTF-8, for a parser; unlike a parse of the bytes themselves, such a one can be interrupted."""

    def __init__(self, text: bytes) -> None:
        super().__init__()
        self._text = text

    def _from(self, offset: int, _place: tuple[int, int]) -> bytes:
        return self._text[offset : offset + _BYTES]


def encoded(text: str) -> bytes:
    r"""Return whole lines in UTF-8 with each lone ``\r`` as ``\n``."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        text = _LONE.sub("\n", text)
    return text.encode("utf-8", "replace")


def size(text: str) -> int:
    """Return the length of `text` in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
