"""Suggestions that use names which exist nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lines import scan_before
from ai_lsp.filters.members import unknown_members
from ai_lsp.filters.modules import Modules, NoModules
from ai_lsp.filters.written import imports_in, refused

_IMPORT = re.compile(r"\b(?:import|from)\b")

LinesOf = Callable[[Place], "Sequence[str] | None"]
"""Returns all lines of a place's document, ends included, as they are at its version; None where not known."""


def no_lines(_place: Place) -> None:
    """Know no document."""


@dataclass(frozen=True)
class Names:
    """Cuts before a module that is not there, or a member that its own class does not have."""

    modules: Modules = field(default_factory=NoModules)
    lines_of: LinesOf = no_lines

    def __call__(self, text: str, place: Place) -> Decision:
        """Refuse only what is known not to exist: what other files have is not known here."""
        line = place.line_before + text
        lines = self.lines_of(place) if "self." in line or "this." in line else None
        if lines is not None and not scan_before(place).inside:
            for found in unknown_members(text, place, lines):
                return refused("names", text, found, f"this class has no {found.name}")
        if _IMPORT.search(line):
            for found in imports_in(text, place):
                if self._is_missing(found.name, place):
                    return refused("names", text, found, f"there is no module {found.name}")
        return Decision("names", text)

    def _is_missing(self, module: str, place: Place) -> bool:
        """Whether there is no such module; one that the file imports elsewhere may be had at another time."""
        if self.modules.exists(module, place) is not False:
            return False
        top = re.escape(module.partition(".")[0])
        return not re.search(rf"\b(?:import|from)\s+{top}\b", place.prefix + place.suffix)
