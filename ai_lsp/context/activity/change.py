"""One change of a document, reduced to what really changed."""

from __future__ import annotations

from dataclasses import dataclass

from ai_lsp.alike import shared_end, shared_start
from ai_lsp.positions import split_lines


@dataclass(frozen=True)
class Change:
    """Some text that took the place of another, in one document."""

    line: int
    """Zero-based line at which both texts begin."""
    column: int
    """In code points."""
    removed: str
    inserted: str

    @property
    def removed_ends(self) -> int:
        """How many line ends went."""
        return _ends(self.removed)

    @property
    def inserted_ends(self) -> int:
        """How many line ends came."""
        return _ends(self.inserted)


def reduced(line: int, column: int, removed: str, inserted: str) -> Change:
    """Return the change without what both texts begin and end with: formatters and full syncs send a lot of it."""
    if not removed or not inserted:
        return Change(line, column, removed, inserted)
    same = shared_start(removed, inserted)
    while same > 0 and removed[same - 1] == "\r":  # half of a line end
        same -= 1
    tail = shared_end(removed, inserted, min(len(removed), len(inserted)) - same)
    parted = any(text[: len(text) - tail].endswith("\r") for text in (removed, inserted))
    if parted and removed[len(removed) - tail :].startswith("\n"):
        tail -= 1
    start = split_lines(removed[:same])
    return Change(
        line + len(start) - 1,
        (column if len(start) == 1 else 0) + len(start[-1]),
        removed[same : len(removed) - tail],
        inserted[same : len(inserted) - tail],
    )


def _ends(text: str) -> int:
    return len(split_lines(text)) - 1 if text else 0
