"""The files as a peer's client holds them, and the lines around a cursor that it sends."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.latency.corpus import File
from benchmarks.latency.traces import Event

PREFIX_LINES, SUFFIX_LINES = 256, 64
"""llama.vim's n_prefix and n_suffix."""


@dataclass(frozen=True)
class Local:
    """The text around a cursor, as llama.vim cuts it."""

    prefix: str
    """Whole lines above the cursor's line."""
    middle: str
    """The cursor's line up to the cursor."""
    suffix: str
    """The rest of the cursor's line, and whole lines below."""
    rest: str
    """The rest of the cursor's line."""

    @property
    def indent(self) -> int:
        """How far the cursor's line is indented."""
        return len(self.middle) - len(self.middle.lstrip())

    @property
    def before(self) -> str:
        """All text before the cursor."""
        return self.prefix + self.middle


class Texts:
    """The open files and the cursor."""

    def __init__(self, files: list[File]) -> None:
        self.names = [file.name for file in files]
        self._texts = [file.text for file in files]
        self.file = 0
        self.cursor = 0

    def apply(self, event: Event) -> None:
        """Apply an edit and put the cursor after it."""
        text = self._texts[event.file]
        self._texts[event.file] = text[: event.offset] + event.text + text[event.offset + event.removed :]
        self.file, self.cursor = event.file, event.offset + len(event.text)

    @property
    def row(self) -> int:
        """The cursor's line, zero-based."""
        return self._texts[self.file].count("\n", 0, self.cursor)

    def around(self, above: int, below: int, *, file: int | None = None, at: int | None = None) -> list[str]:
        """Return the lines from `above` lines above a place to `below` below it, by default the cursor's.

        Negative numbers name lines on the other side.
        """
        text = self._texts[self.file if file is None else file]
        place = self.cursor if at is None else at
        first, last = _start(text, place, -above), _start(text, place, below)
        end = text.find("\n", last)
        return text[first : len(text) if end < 0 else end].split("\n") if first <= last else []

    def local(self, accepted: list[str] | None = None) -> Local:
        """Return the text around the cursor, as if the lines `accepted` were put in and ended the cursor's line.

        On a line of white space only, all of it is left to the model, as llama.vim does.
        """
        text, start = self._texts[self.file], _start(self._texts[self.file], self.cursor, 0)
        end = text.find("\n", self.cursor)
        end = len(text) if end < 0 else end
        above = text[_start(text, start, -PREFIX_LINES + max(0, len(accepted or ()) - 1)) : start] or "\n"
        below = text[end : _after(text, end, SUFFIX_LINES + 1)]
        below = below if below.endswith("\n") else below + "\n"
        if accepted:
            typed = (text[start:end] + "\n".join(accepted)).split("\n")
            return Local(above + "".join(line + "\n" for line in typed[:-1]), typed[-1], below, "")
        middle, rest = text[start : self.cursor], text[self.cursor : end]
        if not (middle + rest).strip():
            middle = rest = ""
        return Local(above, middle, rest + below, rest)


def _start(text: str, place: int, lines: int) -> int:
    """Return where the line starts that is so many lines below (above, when negative) that of `place`."""
    at = text.rfind("\n", 0, place) + 1
    for _ in range(-lines):
        if at == 0:
            break
        at = text.rfind("\n", 0, at - 1) + 1
    for _ in range(lines):
        below = text.find("\n", at) + 1
        if not below:
            break
        at = below
    return at


def _after(text: str, place: int, ends: int) -> int:
    """Return the place behind so many line ends, or the end of the text."""
    for _ in range(ends):
        place = text.find("\n", place) + 1
        if not place:
            return len(text)
    return place
