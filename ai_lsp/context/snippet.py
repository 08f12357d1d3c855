"""What a context source is asked, and what it answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ai_lsp.completion.place import Place

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_NAME = re.compile(r"[^\W\d]\w*")
_NEAR_CHARS = 1200
"""How far before the cursor a name counts as near it."""


@dataclass(frozen=True)
class Query:
    """One place for which context is wanted."""

    place: Place
    document: Document
    """The open document. Only a source that does not leave the event loop may look at it."""
    root: Path | None = None
    """The workspace folder that the document is in; None for one outside of all."""
    file: Path | None = None
    """Where the document lies on disk; None for one that lies nowhere."""
    in_thread: Callable[..., Awaitable[Any]] = asyncio.to_thread
    """Runs a function with its arguments off the event loop."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The identifiers near before the cursor, nearest first, each once."""
        found = _NAME.findall(self.place.prefix[-_NEAR_CHARS:])
        return tuple(dict.fromkeys(reversed(found)))


@dataclass(frozen=True)
class Snippet:
    r"""Some whole lines that may help.

    Lines end in ``\n``, the last one too. Secrets are replaced before a snippet gets into a prompt; files that
    must never be read do not get this far.
    """

    source: str
    """The name of the source that found it."""
    path: str
    """The file as a person would name it, like `Place.path`."""
    text: str
    score: float
    """How much it is likely to help, 0 to 1, by the source's own measure."""
    line: int = 0
    """Zero-based line in the file at which the text begins."""


class Source(Protocol):
    """One kind of context. `find` may be called for a place while it still looks for an earlier one."""

    name: str
    """What configuration and traces call it."""

    async def find(self, query: Query) -> Sequence[Snippet]:
        """Return what may help at this place, best first; what takes more than 2 ms is done `in_thread`."""
