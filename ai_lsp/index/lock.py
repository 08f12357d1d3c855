"""One process at a time looks at all files of a root."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def share(_handle: int) -> None:
        """Do nothing: a file that a process has open cannot be deleted there."""
else:
    import fcntl

    def _try(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def share(handle: int) -> None:
        """Lock an open file together with others; waits for who has it alone. Raises OSError."""
        fcntl.flock(handle, fcntl.LOCK_SH)


def take(handle: int) -> bool:
    """Lock an open file alone, without waiting; returns whether it is locked."""
    try:
        _try(handle)
    except OSError:
        return False
    return True


class Lock:
    """A file that one process holds at a time; the system frees it when that process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock unless another process has it; returns whether it is held. Raises OSError for no file."""
        if self._handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if not take(handle):
                os.close(handle)
                return False
            self._handle = handle
        return True

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
