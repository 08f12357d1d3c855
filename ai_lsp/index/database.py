"""An SQLite file that one process writes while others read, whatever is in it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from ai_lsp.index import schema
from ai_lsp.index.schema import Schema

_CACHE_KB = 16_000
_WAL_BYTES = 8 << 20


class Database:
    """One file, open for writing; not for several threads.

    Everything between `begin` and `commit` is seen by readers at once or, after a crash, not at all. All methods
    raise `sqlite3.OperationalError` for a full disk, a locked or read-only file, and another
    `sqlite3.DatabaseError` for a damaged one.
    """

    def __init__(
        self, path: Path, kind: Schema, *, limit_bytes: int = 0, busy_seconds: float = 10.0, replace: bool = True
    ) -> None:
        """Open the file at `path`; if `replace` allows it, make it, in place of one of another version.

        No other process may do so at the same time. `limit_bytes` is how large it may grow, 0 is no limit. Raises
        OSError when the folder cannot be made.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        self._kind = kind
        self._connection = schema.connect(path, busy_seconds=busy_seconds)
        try:
            self._set_up(busy_seconds, replace=replace)
            self._file = path.stat()
            (page,) = self._connection.execute("PRAGMA page_size").fetchone()
            self._connection.execute(
                f"PRAGMA max_page_count={max(1, limit_bytes // page) if limit_bytes else 1 << 30}"
            )
        except BaseException:
            self._connection.close()
            raise

    def _set_up(self, busy_seconds: float, *, replace: bool) -> None:
        if not schema.is_current(self._connection, self._kind):
            if not replace:
                raise sqlite3.OperationalError("the file is locked: another process is making it")
            self._connection.close()
            delete(self._path)
            self._connection = schema.connect(self._path, busy_seconds=busy_seconds)
            schema.create(self._connection, self._kind)
            self._path.chmod(0o600)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"cache_size=-{_CACHE_KB}",
                       f"journal_size_limit={_WAL_BYTES}"):  # fmt: skip
            self._connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        self._connection.close()

    def is_there(self) -> bool:
        """Whether the file is still the one that was opened: nobody has deleted or replaced it."""
        try:
            return os.path.samestat(self._path.stat(), self._file)
        except OSError:
            return False

    def begin(self) -> None:
        """Start a transaction unless one is open."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """End the transaction, if one is open."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what was not committed; never raises."""
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def counts(self) -> tuple[int, int]:
        """Return how many files are kept, and their lines."""
        row = self._connection.execute("SELECT count(*), total(lines) FROM files WHERE lines > 0").fetchone()
        return row[0], int(row[1])

    def complete(self, done: bool | None = None) -> bool:
        """Return, or first set, whether all files were looked at once."""
        if done is not None:
            self._connection.execute("REPLACE INTO meta VALUES('complete', ?)", (int(done),))
        return bool(self._connection.execute("SELECT value FROM meta WHERE key = 'complete'").fetchone()[0])

    def shrink(self) -> None:
        """Give pages that are no longer used back to the disk."""
        self._connection.executescript(
            "PRAGMA incremental_vacuum;"
        )  # `execute` would do one step, that is, one page
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def delete(path: Path) -> None:
    """Delete such a file with what belongs to it. Raises OSError."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error means that the file is no sound database, rather than that it cannot be written now."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another process is writing."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
