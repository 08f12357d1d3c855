"""What indexes lie on the disk, and which of them nobody needs any more."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.index import database, schema
from ai_lsp.index.lock import Lock
from ai_lsp.index.usage import Usage

_NAME = re.compile(r"(.+-[0-9a-f]{16})\.(?:sqlite|sqlite-wal|sqlite-shm|lock|use)")
_DAY = 86_400.0
_GONE_DAYS = 1.0
"""A folder must have been away so long: a disk may be taken out, a work tree moved for a while."""
_BUSY_SECONDS = 1.0
_LONGEST_PATH = 1 << 16


@dataclass(frozen=True)
class KeptIndex:
    """One index on the disk."""

    path: Path
    """Its SQLite file, whether or not it is there."""
    root: Path | None
    """The folder that it is of; None where no note of it was left."""
    n_bytes: int
    """Of all its files."""
    used: float
    """When it was used last, in seconds since 1970."""

    @property
    def is_gone(self) -> bool:
        """Whether its folder is no longer there."""
        return self.root is not None and not self.root.is_dir()


def kept_indexes(folder: Path) -> list[KeptIndex]:
    """Return the indexes in `folder`, those that were used last first; other files there are passed over."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return []
    files: dict[str, list[Path]] = {}
    for name in names:
        if found := _NAME.fullmatch(name):
            files.setdefault(found[1], []).append(folder / name)
    found_ones = [_kept(folder / f"{stem}.sqlite", parts) for stem, parts in files.items()]
    return sorted(found_ones, key=lambda one: -one.used)


def _kept(path: Path, files: list[Path]) -> KeptIndex:
    n_bytes, times = 0, [0.0]
    for file in files:
        with contextlib.suppress(OSError):
            status = file.stat()
            n_bytes += status.st_size
            if file.suffix in (".sqlite", ".sqlite-wal"):
                times.append(status.st_mtime)
    note = path.with_suffix(".use")
    root = b""
    with contextlib.suppress(OSError), note.open("rb") as file_of_use:
        root = file_of_use.read(_LONGEST_PATH)
        if root:  # an empty one was made by who looked whether the index is in use
            times = [os.fstat(file_of_use.fileno()).st_mtime]
    return KeptIndex(path, Path(os.fsdecode(root)) if root else None, n_bytes, max(times))


def counts(path: Path) -> tuple[int, int]:
    """Return how many files and lines an index has; nothing where it cannot be read."""
    if not path.is_file():
        return 0, 0
    try:
        with contextlib.closing(schema.connect(path, busy_seconds=_BUSY_SECONDS)) as connection:
            row = connection.execute("SELECT count(*), total(lines) FROM files WHERE lines > 0").fetchone()
    except sqlite3.Error:
        return 0, 0
    return row[0], int(row[1])


def is_used(path: Path) -> bool:
    """Whether a process keeps this index just now. Raises OSError."""
    usage = Usage(path)
    if not usage.claim():
        return True
    usage.release()
    return False


def remove(path: Path) -> bool:
    """Delete an index with all that belongs to it; returns False, and leaves it, when it is in use.

    Raises OSError.
    """
    usage, building = Usage(path), Lock(path.with_suffix(".lock"))
    if not usage.claim():
        return False
    try:
        if not building.acquire():
            return False
        database.delete(path)
        building.release()
        path.with_suffix(".lock").unlink(missing_ok=True)
        if os.name == "nt":  # what is open cannot be deleted
            usage.release()
        path.with_suffix(".use").unlink(missing_ok=True)
    finally:
        building.release()
        usage.release()
    return True


def delete_unused(folder: Path, days: float, now: float | None = None) -> list[Path]:
    """Delete the indexes that were not used for so many days, and those whose folder is gone; returns which.

    None that is in use goes. What cannot be deleted stays.
    """
    now = time.time() if now is None else now
    deleted = []
    for one in kept_indexes(folder):
        age = (now - one.used) / _DAY
        if age > days or (age > _GONE_DAYS and one.is_gone):
            with contextlib.suppress(OSError):
                if remove(one.path):
                    deleted.append(one.path)
    return deleted
