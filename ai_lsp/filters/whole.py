"""The whole file around a place, of which a window does not show where its brackets and quotes were opened."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.completion.place import Place
from ai_lsp.syntax.faults import Parsed, faults_of, parsed

if TYPE_CHECKING:
    from tree_sitter import Tree


@dataclass(frozen=True)
class Whole:
    """A file with its syntax tree, cut in two at the cursor."""

    before: str
    after: str
    place: Place
    empty: Parsed
    """The file as it is."""

    def is_worse(self, text: str) -> bool:
        """Whether it has more errors with `text`, both than as it is and than without the cursor's line.

        Takes a millisecond or two, as the tree of the file is at hand.
        """
        faults = self._faults(self.before + text + self.after)
        return faults > self.empty.faults and faults > self._without_line

    @functools.cached_property
    def _without_line(self) -> int:
        start = len(self.before) - len(self.place.line_before)
        return self._faults(self.before[:start] + self.after[len(self.place.line_after) :])

    def _faults(self, text: str) -> int:
        found = parsed(text, self.place.language, self.empty)
        return found.faults if found is not None else 0


WholeOf = Callable[[Place], "Whole | None"]
"""Returns the file around a place as it is at its version; None where its tree is not at hand."""


def no_whole(_place: Place) -> None:
    """Know no file."""


def whole_at(place: Place, lines: Sequence[str], tree: Tree) -> Whole:
    """Return the file of `lines`, ends included, whose tree is `tree`."""
    column = len(place.line_before)
    line = lines[place.line] if place.line < len(lines) else ""
    before = "".join(lines[: place.line]) + line[:column]
    after = line[column:] + "".join(lines[place.line + 1 :])
    return Whole(before, after, place, Parsed((before + after).encode("utf-8", "replace"), tree, faults_of(tree)))
