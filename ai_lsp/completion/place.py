"""The place in a document where a suggestion is wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

_WINDOW_CHARS = 160
"""Characters at a window's start that tell it from others of the document."""


@dataclass(frozen=True)
class Place:
    r"""The text around one cursor, at one version of its document.

    `prefix` and `suffix` are windows, not the whole document: they end and start at the cursor and are long
    enough for prompts and filters. Line ends are ``\n`` whatever the document uses.
    """

    uri: str
    path: str
    """The file as a person would name it: relative to the workspace where it lies in one, with ``/``."""
    language: str
    """The client's language id, such as ``python`` or ``typescriptreact``."""
    version: int
    prefix: str
    suffix: str
    line: int = 0
    """Zero-based line of the cursor in the document."""

    @cached_property
    def window(self) -> tuple[str, str]:
        """What names the window while one types in it: its document and how it starts, nothing for the first."""
        return self.uri, self.prefix[:_WINDOW_CHARS] if self.line > self.prefix.count("\n") else ""

    @cached_property
    def line_before(self) -> str:
        """The cursor's line up to the cursor."""
        return self.prefix[self.prefix.rfind("\n") + 1 :]

    @cached_property
    def line_after(self) -> str:
        """The cursor's line from the cursor on, without its line end."""
        end = self.suffix.find("\n")
        return self.suffix if end < 0 else self.suffix[:end]

    @cached_property
    def indent(self) -> str:
        """The white space that starts the cursor's line."""
        line = self.line_before
        return line[: len(line) - len(line.lstrip(" \t"))]


def lower(place: Place, chars: int) -> Place | None:
    """Return the place at the end of the last whole line within `chars` after the cursor; None where none is."""
    end = place.suffix.rfind("\n", 0, chars)
    passed = place.suffix[:end]
    if end < 0 or not passed.strip():
        return None
    return replace(
        place,
        prefix=place.prefix + passed,
        suffix=place.suffix[end:],
        line=place.line + passed.count("\n"),
    )
