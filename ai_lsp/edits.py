"""One change of a document, as those who follow its edits are told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    r"""Some text that was replaced by another; places are lines and columns in code points.

    Where the change joins the halves of a ``\r\n`` the ``\r`` is part of both texts.
    """

    start: tuple[int, int]
    old_end: tuple[int, int]
    """Where `removed` ended, in the text before."""
    new_end: tuple[int, int]
    """Where `inserted` ends, in the text after."""
    removed: str
    inserted: str


Observer = Callable[[Edit | None], None]
"""Is told of an edit after it is made; None stands for a whole new text."""


def moved(anchor: int, end: tuple[int, int], added: int) -> int:
    """Return where the text of line `anchor` is after an edit that ended at `end` and added that many lines."""
    below = anchor > end[0] or (anchor, 0) == end
    return anchor + added if below else max(0, min(anchor, end[0] + added))
