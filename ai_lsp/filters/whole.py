"""The whole file around a place, of which a window does not show where its brackets and quotes were opened."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ai_lsp.completion.place import Place
from ai_lsp.syntax.faults import Parsed, faults_of, parsed

if TYPE_CHECKING:
    from tree_sitter import Tree


SECONDS = 0.003
"""CPU time that the parses for one suggestion may take together, in the window and in the file each.

The event loop waits meanwhile, and where an error reaches from one end of a file to the other it takes 6 ms to
parse 65,000 characters, however little is new.
"""


@dataclass(eq=False)
class Parts:
    """A text cut in two at the cursor, a file or a window of one, and how it parses with something between.

    What is found out about one suggestion is found out in a limited time, `begin` to `begin`.
    """

    before: str
    after: str
    place: Place
    empty: Parsed
    """The text as it is."""
    _judged: dict[str, bool] = field(default_factory=dict)
    _left: float = field(default_factory=lambda: SECONDS)
    _begun: str = ""

    def begin(self, text: str) -> None:
        """Take note of what is judged; what a cut left of the last one has what is left of its time."""
        if not self._begun.startswith(text):
            self._left = SECONDS
        self._begun = text

    @property
    def has_time(self) -> bool:
        """Whether there may be another parse; without it nobody can tell how a text parses."""
        return self._left > 0

    def may_be_fine(self, text: str) -> bool:
        """Whether `is_fine`, or nobody can tell in time."""
        self.begin(text)
        return self.is_fine(text) or text not in self._judged

    def is_fine(self, text: str) -> bool:
        """Whether it parses no worse with `text`, either than without it or than without the cursor's line.

        What was judged once is known: a chain asks again in its last pass. False also where there is no time left
        to tell.
        """
        if text not in self._judged and self.has_time:
            with contextlib.suppress(TimeoutError):
                faults = self._faults(self.before + text + self.after)
                self._judged[text] = faults <= self.empty.faults or faults <= self._least
        return self._judged.get(text, False)

    @functools.cached_property
    def _least(self) -> int:
        start = len(self.before) - len(self.place.line_before)
        return self._faults(self.before[:start] + self.after[len(self.place.line_after) :])

    def _faults(self, text: str) -> int:
        """Count the errors of a text that is much like this one; raises `TimeoutError`."""
        start = time.thread_time()
        try:
            found = parsed(text, self.place.language, self.empty, self._left)
        finally:
            self._left -= time.thread_time() - start
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
