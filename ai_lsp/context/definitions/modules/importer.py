"""The file that imports, and what the resolvers of all languages share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_LARGE = 1 << 20
"""Bytes above which a file is no manifest that somebody wrote."""
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')


@dataclass(frozen=True)
class Importer:
    """The file whose imports are followed."""

    file: Path
    root: Path
    """The workspace folder; the file's own where it is in none."""
    folders: tuple[Path, ...] = ()
    """Where Python's environment has modules."""

    def upwards(self) -> Iterator[Path]:
        """Yield the file's folder and those above it up to the root; only its own when it is outside."""
        for folder in self.file.parents:
            yield folder
            if folder == self.root or self.root not in folder.parents:
                return


Resolver = Callable[[str, Importer], Iterator[Path]]
"""Yields the files that a module's name may stand for, best first; they need not be there."""


def json_of(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file that may have comments; empty when there is none."""
    return _parsed(path, *_stamp(path))


def text_of(path: Path) -> str:
    """Return the text of a manifest; empty when there is none."""
    return _text(path, *_stamp(path))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return 0, -1
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=256)
def _text(path: Path, mtime_ns: int, size: int) -> str:  # noqa: ARG001 - part of the key
    if not 0 <= size <= _LARGE:
        return ""
    try:
        return path.read_text("utf-8-sig", "replace")
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _parsed(path: Path, mtime_ns: int, size: int) -> dict[str, Any]:
    text = _text(path, mtime_ns, size)
    for pattern in (_COMMENT, _TRAILING_COMMA):
        text = pattern.sub(lambda found: found[1] or "", text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
