"""Who uses an index, of which folder it is, and when it was used last."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ai_lsp.index import lock


class Usage:
    """A small file beside an index: it holds the folder's path, its time is the last use, its lock says "in use".

    Each process that keeps the index holds the lock, many at a time; the system frees it however they end.
    """

    def __init__(self, index: Path) -> None:
        """`index` is the SQLite file; nothing is opened yet."""
        self._path = index.with_suffix(".use")
        self._handle: int | None = None

    def hold(self, root: Path) -> None:
        """Say that the index of `root` is in use from now on; waits for who is just deleting it.

        Where the note cannot be made (a full disk) there is none: who deletes the index then only makes work.
        """
        with contextlib.suppress(OSError):
            while not self._is_held():
                self.release()
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
                lock.share(self._handle)
            self.touch()
            if self._handle is not None:
                data = os.fsencode(root)
                os.lseek(self._handle, 0, os.SEEK_SET)
                os.write(self._handle, data)
                os.ftruncate(self._handle, len(data))

    def touch(self) -> None:
        """Say that it was used just now."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.utime(self._path)

    def claim(self) -> bool:
        """Take the lock for oneself alone, to delete the index; returns whether nobody uses it. Raises OSError."""
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if lock.take(self._handle) and self._is_held():
            return True
        self.release()
        return False

    def release(self) -> None:
        """Use it no longer."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _is_held(self) -> bool:
        """Whether the file that is open is still the one at its path."""
        try:
            return self._handle is not None and os.path.samestat(os.fstat(self._handle), self._path.stat())
        except OSError:
            return False
