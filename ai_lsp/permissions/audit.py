"""Every request that left this process, in a SQLite file of the user's."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ai_lsp.folders import state_folder

FILE_NAME = "audit.sqlite"
_LISTS = ("files", "kinds")
_SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS requests (
        id INTEGER PRIMARY KEY, time REAL, provider TEXT, url TEXT, role TEXT, model TEXT, repository TEXT,
        files TEXT, kinds TEXT, chars_sent INTEGER, chars_received INTEGER, tokens_sent INTEGER,
        tokens_received INTEGER, ms REAL, outcome TEXT, text TEXT
    );
"""
_BUSY_SECONDS = 5.0
_DAY = 86_400.0


class AuditError(Exception):
    """The log cannot be written; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One request."""

    time: float
    """When it was sent, in seconds since 1970."""
    provider: str
    url: str
    role: str
    model: str
    repository: str = ""
    files: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    chars_sent: int = 0
    """Characters of the body."""
    chars_received: int = 0
    """Characters of the answer."""
    tokens_sent: int | None = None
    """By the server's own count, where it gives one."""
    tokens_received: int | None = None
    ms: float | None = None
    """From sending to the end; None while it goes on, or when this process was killed."""
    outcome: str = "sent"
    """``sent`` while it goes on, ``answered``, ``cancelled``, ``refused: ...`` if it never left, or an error."""
    text: str | None = None
    """The body, only where `audit.text` asks for it."""


_COLUMNS = tuple(item.name for item in fields(Entry))


@dataclass(frozen=True)
class Outcome:
    """How a request ended."""

    outcome: str
    chars_received: int = 0
    tokens_sent: int | None = None
    tokens_received: int | None = None
    ms: float | None = None


class AuditLog:
    """Appends to the log and reads it; any thread, any number of processes."""

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """`folder` is the state folder unless given."""
        self.file = (folder or state_folder()) / FILE_NAME
        self._clock = clock

    def begin(self, entry: Entry, keep_days: int = 0) -> int:
        """Note what is about to be sent, return its number; drop what is older than `keep_days`, 0 for nothing.

        Raises AuditError, after which nothing may be sent.
        """
        values = [json.dumps(value) if isinstance(value, tuple) else value for value in asdict(entry).values()]
        marks = ", ".join("?" * len(_COLUMNS))
        try:
            with self._open() as connection:
                if keep_days:
                    oldest = self._clock() - keep_days * _DAY
                    connection.execute("DELETE FROM requests WHERE time < ?", (oldest,))
                statement = f"INSERT INTO requests ({', '.join(_COLUMNS)}) VALUES ({marks})"
                return int(connection.execute(statement, values).lastrowid or 0)
        except (OSError, sqlite3.Error) as error:
            raise AuditError(f"the audit log {self.file} cannot be written: {error}") from error

    def end(self, number: int, outcome: Outcome) -> None:
        """Note how it ended. Raises AuditError."""
        values = asdict(outcome)
        assignments = ", ".join(f"{name} = ?" for name in values)
        try:
            with self._open() as connection:
                connection.execute(f"UPDATE requests SET {assignments} WHERE id = ?", (*values.values(), number))
        except (OSError, sqlite3.Error) as error:
            raise AuditError(f"the audit log {self.file} cannot be written: {error}") from error

    def entries(self, since: float = 0.0) -> list[Entry]:
        """Return what was noted from that time on, oldest first. Raises AuditError when it cannot be read."""
        if not self.file.exists():
            return []
        try:
            with self._open() as connection:
                statement = f"SELECT {', '.join(_COLUMNS)} FROM requests WHERE time >= ? ORDER BY time, id"
                return [_entry(row) for row in connection.execute(statement, (since,))]
        except (OSError, ValueError, sqlite3.Error) as error:
            raise AuditError(f"the audit log {self.file} cannot be read: {error}") from error

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file.touch(mode=0o600)
        connection = sqlite3.connect(self.file, timeout=_BUSY_SECONDS)
        try:
            with connection:
                connection.executescript(_SCHEMA)
                yield connection
        finally:
            connection.close()


def _entry(row: tuple[Any, ...]) -> Entry:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    values |= {name: tuple(json.loads(values[name])) for name in _LISTS}
    return Entry(**values)
