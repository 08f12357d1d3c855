"""Where what is kept between sessions and what can be made again lie, and files that only the user reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import platformdirs


def state_folder() -> Path:
    """Return the folder of what is remembered between sessions."""
    return platformdirs.user_state_path("ai-lsp", appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made again."""
    return platformdirs.user_cache_path("ai-lsp", appauthor=False)


def append_rows(path: Path, rows: Iterable[Any]) -> None:
    """Add lines of JSON to a file that only the user can read; it and its folder are made. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
