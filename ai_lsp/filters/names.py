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
from ai_lsp.filters.offered import read_ahead, unknown_names
from ai_lsp.filters.written import imports_in, refused

_IMPORT = re.compile(r"\b(?:import|from)\b")

LinesOf = Callable[[Place], "Sequence[str] | None"]
"""Returns all lines of a place's document, ends included, as they are at its version; None where not known."""


def no_lines(_place: Place) -> None:
    """Know no document."""


@dataclass(frozen=True)
class Names:
    """Cuts before a module that is not there, or a member that its own class or a module does not have."""

    modules: Modules = field(default_factory=NoModules)
    lines_of: LinesOf = no_lines

    def __call__(self, text: str, place: Place) -> Decision:
        """Refuse only what is known not to exist: what other files have is not known here."""
        line = place.line_before + text
        if _IMPORT.search(line):
            for found in imports_in(text, place):
                if self._is_missing(found.name, place):
                    return refused("names", text, found, f"there is no module {found.name}")
        lines = self.lines_of(place) if "." in line or "," in line or "import" in line else None
        if lines is None or scan_before(place).inside:
            return Decision("names", text)
        for found in unknown_members(text, place, lines):
            return refused("names", text, found, f"this class has no {found.name}")
        for missing in unknown_names(text, place, lines, self.modules):
            return refused("names", text, missing.written, f"{missing.module} has no {missing.written.name}")
        return Decision("names", text)

    def prepare(self, place: Place) -> None:
        """Have read what the file's modules offer."""
        if (lines := self.lines_of(place)) is not None:
            read_ahead(place, lines, self.modules)

    def _is_missing(self, module: str, place: Place) -> bool:
        """Whether there is no such module; one that the file imports elsewhere may be had at another time."""
        if self.modules.exists(module, place) is not False:
            return False
        top = re.escape(module.partition(".")[0])
        return not re.search(rf"\b(?:import|from)\s+{top}\b", place.prefix + place.suffix)
