"""Folders as people write them in options."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from ai_lsp.config import exists


def within(path: str, folder: str) -> bool:
    """Whether a file or folder (absolute) is, or lies in, a folder that may be a pattern or begin with ``~``."""
    if not path:
        return False
    place, pattern = Path(path), Path(folder).expanduser().as_posix()
    return any(fnmatch.fnmatchcase(one.as_posix(), pattern) for one in (place, *place.parents))


def repository_of(place: Path) -> Path | None:
    """Return the nearest folder with a ``.git`` that a file or folder is, or lies in; None when there is none."""
    return next((one for one in (place, *place.parents) if exists(one / ".git")), None)
