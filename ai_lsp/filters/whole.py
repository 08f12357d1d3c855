"""The whole file around a place, of which a window does not show where its brackets and quotes were opened."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ai_lsp.completion.place import Place
from ai_lsp.syntax.faults import Parsed, faults_of, parsed

if TYPE_CHECKING:
    from tree_sitter import Tree


@dataclass(eq=False)
class Parts:
    """A text cut in two at the cursor, a file or a window of one, and how it parses with something between."""

    before: str
    after: str
    place: Place
    empty: Parsed
    """The text as it is."""
    _judged: dict[str, bool] = field(default_factory=dict)

    def is_fine(self, text: str) -> bool:
        """Whether it parses no worse with `text`, either than without it or than without the cursor's line.

        What was judged once is known: a chain asks again in its last pass.
        """
        if (known := self._judged.get(text)) is None:
            faults = self.faults(self.before + text + self.after)
            known = self._judged[text] = faults <= self.empty.faults or faults <= self._least
        return known

    @functools.cached_property
    def _least(self) -> int:
        start = len(self.before) - len(self.place.line_before)
        return self.faults(self.before[:start] + self.after[len(self.place.line_after) :])

    def faults(self, text: str) -> int:
        """Count the errors of a text that is much like this one: one to five milliseconds in a whole file."""
        found = parsed(text, self.place.language, self.empty)
        return found.faults if found is not None else 0


WholeOf = Callable[[Place], "Parts | None"]
"""Returns the file around a place as it is at its version; None where its tree is not at hand."""


def no_whole(_place: Place) -> None:
    """Know no file."""


def whole_at(place: Place, lines: Sequence[str], tree: Tree) -> Parts | None:
    """Return the file of `lines`, ends included, whose tree is `tree`.

    None where the place is not in it as it is: an item that is selected in a menu is not in the file yet.
    """
    column = len(place.line_before)
    line = lines[place.line] if place.line < len(lines) else ""
    if not line.startswith(place.line_before):
        return None
    before = "".join(lines[: place.line]) + line[:column]
    after = line[column:] + "".join(lines[place.line + 1 :])
    return Parts(before, after, place, Parsed((before + after).encode("utf-8", "replace"), tree, faults_of(tree)))
