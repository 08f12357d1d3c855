"""What filters ask about modules: which there are, and which are the repository's own."""

from __future__ import annotations

from typing import Protocol

from ai_lsp.completion.place import Place


class Modules(Protocol):
    """Answers at once, from what was looked up before; None for what is not known."""

    def is_own(self, module: str, place: Place) -> bool | None:
        """Whether `module`, as it is written at `place`, is of the repository itself."""

    def exists(self, module: str, place: Place) -> bool | None:
        """Whether the repository or the environment has `module`, as it is written at `place`."""

    def offers(self, module: str, name: str, place: Place, *, begins: bool = False) -> bool | None:
        """Whether `module`, as it is written at `place`, has `name`, or a name that `begins` so."""


class NoModules:
    """Knows nothing."""

    def is_own(self, module: str, place: Place) -> bool | None:
        """Return None."""

    def exists(self, module: str, place: Place) -> bool | None:
        """Return None."""

    def offers(self, module: str, name: str, place: Place, *, begins: bool = False) -> bool | None:
        """Return None."""
