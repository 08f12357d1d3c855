"""Files that two processes may want at once, or that must be whole or not there."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from ai_lsp.models.progress import Progress, silent

_STALE_SECONDS = 24 * 3600


def write_atomic(path: Path, text: str) -> None:
    """Replace the file at `path` by `text` in one step. Raises OSError, leaving the old file as it was."""
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def hash_file(path: Path, progress: Progress = silent) -> str:
    """The sha256 of a file, as hex digits. Raises OSError."""
    digest, done, size = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            done += len(chunk)
            progress("checking", done, size)
    return digest.hexdigest()


@contextlib.contextmanager
def staging(folder: Path, prefix: str) -> Iterator[Path]:
    """A fresh folder inside `folder`, gone afterwards; those that a crash left a day ago go too."""
    for old in folder.glob(f"{prefix}*"):
        if time.time() - old.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold the lock file at `path`; yields False at once when another process holds it.

    The system lets go of it when the process ends, however it ends. The file itself stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        yield _lock(file.fileno())


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
