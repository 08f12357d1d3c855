"""Lines as LSP counts them, and columns in the units of each position encoding."""

from __future__ import annotations

import io
from collections.abc import Sequence

from lsprotocol import types
from pygls.workspace import PositionCodec, ServerTextPosition

_ENCODERS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}
"""Python's name of each position encoding other than UTF-32, and the bytes in one of its units."""
_ONLY_PYTHON_SPLITS_AT = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Where `str.splitlines` ends a line and LSP does not."""
_PIECE = 1 << 16
"""How many code points at most are decoded to find a column."""


def split_lines(text: str) -> list[str]:
    r"""Split at ``\n``, ``\r\n`` and ``\r`` only, as LSP does; each line keeps its end, and the last has none.

    The result is never empty, and a text that ends in a line end has an empty last line.
    """
    if any(separator in text for separator in _ONLY_PYTHON_SPLITS_AT):
        lines = list(io.StringIO(text, newline=""))
    else:
        lines = text.splitlines(keepends=True)
    if not text or text.endswith(("\n", "\r")):
        lines.append("")
    return lines


def line_end(line: str) -> str:
    r"""Return the ``\n``, ``\r\n`` or ``\r`` that ends `line`, or an empty text."""
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1:] if line.endswith(("\n", "\r")) else ""


def clamp(line: str, column: int) -> int:
    """Return the nearest column, in code points, that is within `line` and before its end."""
    return max(0, min(column, len(line) - len(line_end(line))))


def _end(lines: Sequence[str]) -> ServerTextPosition:
    return ServerTextPosition(len(lines) - 1, len(lines[-1])) if lines else ServerTextPosition(0, 0)


class Codec(PositionCodec):
    """Converts columns between code points and the client's units, in C instead of pygls' loops."""

    narrow = False
    """Whether no line that is asked about has a character beyond U+FFFF: in UTF-16 each is one unit then."""

    def __init__(self, encoding: types.PositionEncodingKind | str | None = "utf-16") -> None:
        super().__init__(encoding)
        name = str(getattr(encoding, "value", encoding))
        self._encoder = None if name == "utf-32" else _ENCODERS.get(name, _ENCODERS["utf-16"])

    def client_num_units(self, string: str) -> int:
        """Return the number of the client's units in `string`."""
        encoder = self._encoder_for(string)
        if encoder is None:
            return len(string)
        name, width = encoder
        return len(string.encode(name, "surrogatepass")) // width

    def position_from_client_units(self, lines: Sequence[str], position: types.Position) -> ServerTextPosition:
        """Return the line and the column in code points that `position` means.

        A position past the end of its line or inside a character goes back to the nearest one that is not; one
        past the last line is the end of the text.
        """
        if position.line >= len(lines):
            return _end(lines)
        line = lines[position.line]
        return ServerTextPosition(position.line, clamp(line, self._code_points(line, position.character)))

    def position_to_client_units(
        self, lines: Sequence[str], position: ServerTextPosition | types.Position
    ) -> types.Position:
        """Return the client's position of a line and a column in code points, clamped into the text."""
        found = position if position.line < len(lines) else _end(lines)
        line = lines[found.line] if lines else ""
        column = clamp(line, found.character)
        units = column if self._encoder_for(line) is None else self.client_num_units(line[:column])
        return types.Position(found.line, units)

    def _encoder_for(self, text: str) -> tuple[str, int] | None:
        """Return the encoder that counts the units of `text`; None when each code point is one."""
        if text.isascii() or (self.narrow and self._encoder == _ENCODERS["utf-16"]):
            return None
        return self._encoder

    def _code_points(self, line: str, units: int) -> int:
        encoder = self._encoder_for(line)
        if encoder is None:
            return units
        # A code point has at least one unit, so the first `units` code points are all that can matter. They are
        # halved until few are left, since encoders are several times as fast as decoders.
        name, width = encoder
        first, last = 0, min(len(line), units)
        while last - first > _PIECE:
            middle = (first + last) // 2
            size = len(line[first:middle].encode(name, "surrogatepass")) // width
            if size > units:
                last = middle
            else:
                first, units = middle, units - size
        # What is malformed is only the character that is cut in two at the end, and that one is to be left out.
        encoded = line[first:last].encode(name, "surrogatepass")
        return first + len(encoded[: units * width].decode(name, "ignore"))
