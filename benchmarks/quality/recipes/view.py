"""What a recipe sees of a case, and what it makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ai_lsp.completion.place import Place
from benchmarks.quality.cases import Case
from benchmarks.quality.visits import Visit


@dataclass(frozen=True)
class View:
    """One case as an editor's plugin would see it."""

    case: Case
    place: Place
    visits: Sequence[Visit]
    """Files that were open before, the latest last."""
    files: Callable[[], Sequence[Visit]]
    """All files of the case's language, the case's own not among them; for looking definitions up."""
    count: Callable[[str], int]
    """How many tokens a text has."""
    fim: bool = False
    """Whether the model fills in the middle."""


@dataclass(frozen=True)
class Parts:
    """What the model reads, in this order but for the suffix, which stands where the model's layout has it."""

    files: tuple[str, ...]
    """Parts of other files and lines with paths, each with a newline at its end."""
    prefix: str
    suffix: str


Recipe = Callable[[View], Parts]


def last_lines(text: str, tokens: int, count: Callable[[str], int]) -> str:
    """Return as many lines from the end of `text` as have at most so many tokens together."""
    lines = text.splitlines(keepends=True)
    kept = len(lines)
    while kept and tokens - (size := count(lines[kept - 1])) >= 0:
        kept, tokens = kept - 1, tokens - size
    return "".join(lines[kept:])


def first_lines(text: str, tokens: int, count: Callable[[str], int]) -> str:
    """Return as many lines from the start of `text` as have at most so many tokens together."""
    lines = text.splitlines(keepends=True)
    kept = 0
    while kept < len(lines) and tokens - (size := count(lines[kept])) >= 0:
        kept, tokens = kept + 1, tokens - size
    return "".join(lines[:kept])
