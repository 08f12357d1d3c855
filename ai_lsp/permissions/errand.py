"""What a request to another program is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ai_lsp.providers.chat import Part


@dataclass(frozen=True)
class Errand:
    """Why something is sent, and what of the user's it has in it."""

    role: str
    model: str
    parts: tuple[Part, ...] = ()
    repository: str = ""
    """The folder (absolute) that it is about."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of data, each once."""
        return tuple(dict.fromkeys(part.kind for part in self.parts))

    @property
    def files(self) -> tuple[str, ...]:
        """The files, each once."""
        return tuple(dict.fromkeys(part.path for part in self.parts if part.path))

    def places(self) -> Iterator[tuple[str, str]]:
        """Return each kind of data with the file that it is from, empty for none."""
        return iter(dict.fromkeys((part.kind, part.path) for part in self.parts))
