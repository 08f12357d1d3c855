"""What the index answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stamped:
    """A file as it was when it was indexed."""

    path: bytes
    """Relative to the root, as the file system has it."""
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Hit:
    r"""A window of a file. Lines end in ``\n``, the last one too."""

    path: str
    """Relative to the root, with ``/``."""
    line: int
    """Zero-based line of the file at which `text` begins."""
    text: str
    weight: float
    """The sum of the weights of the terms found; not comparable between queries."""
    before: str
    """The lines above `text`, at most as many as a window has."""
    after: str
    """The lines below it."""
    file: Stamped
    """The file that was indexed, which may have changed since."""


@dataclass(frozen=True)
class Candidates:
    """Windows, best first, of files that may have changed since; and how telling each term is."""

    hits: Sequence[Hit] = ()
    rarities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """Lines of a file that are in the prompt already, from `first` up to but without `stop`, zero-based."""

    path: str
    first: int
    stop: int


@dataclass(frozen=True)
class IndexedDefinition:
    """A definition as `ai_lsp.syntax.outline` found it, and where."""

    path: str
    name: str
    kind: str
    line: int
    end_line: int
    signature: str
    doc: str
    parent: str
