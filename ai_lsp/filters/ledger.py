"""How often each filter ran, cut and kept back on the latest days, on disk for the command line.

Nothing else is written: names, counts and days.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from ai_lsp.filters.tallies import Count, Tallies
from ai_lsp.folders import state_folder

log = logging.getLogger(__name__)

DAYS = 30
"""How long counts are kept."""
_EVERY_SECONDS = 60.0
_BUSY_SECONDS = 2.0
_VERSION = 1
_TABLE = """CREATE TABLE IF NOT EXISTS counts (
    day TEXT NOT NULL, name TEXT NOT NULL,
    ran INTEGER NOT NULL, cut INTEGER NOT NULL, vetoed INTEGER NOT NULL, failed INTEGER NOT NULL,
    PRIMARY KEY (day, name)
) WITHOUT ROWID"""
_ADD = """INSERT INTO counts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (day, name) DO UPDATE SET
    ran = ran + excluded.ran, cut = cut + excluded.cut,
    vetoed = vetoed + excluded.vetoed, failed = failed + excluded.failed"""
_SUM = "SELECT name, sum(ran), sum(cut), sum(vetoed), sum(failed) FROM counts WHERE day >= ? GROUP BY name"


def default_path() -> Path:
    """Return where the counts are."""
    return state_folder() / "filters.sqlite"


class Ledger:
    """One file, which several servers may write at the same time. What cannot be written is forgotten."""

    def __init__(
        self,
        path: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = date.today,
    ) -> None:
        """`clock` tells seconds; the file is made when there is something to write."""
        self._path = path or default_path()
        self._clock, self._today = clock, today
        self._latest = clock()

    async def keep(self, tallies: Tallies, *, now: bool = False) -> None:
        """Write what `tallies` have counted since the last time, in a thread; once a minute at most, or `now`.

        When the server leaves, and cancels what waits, that is written all the same.
        """
        if not now and self._clock() - self._latest < _EVERY_SECONDS:
            return
        self._latest = self._clock()
        if counts := tallies.take():
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, self.add, counts))

    def add(self, counts: Mapping[str, Count]) -> None:
        """Add to the counts of today, and forget what is old. Never raises."""
        day = self._today()
        rows = [(str(day), name, one.ran, one.cut, one.vetoed, one.failed) for name, one in counts.items()]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                self._write(day, rows)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # no sound database: it holds nothing that anybody needs
                self._path.unlink()
                self._write(day, rows)
        except (OSError, sqlite3.Error) as error:
            log.info("what filters did cannot be written to %s: %s", self._path, error)

    def since(self, days: int = 7) -> dict[str, Count]:
        """Return the counts of the last `days` days by name; nothing where there are none. Never raises."""
        if not self._path.exists():
            return {}
        try:
            with self._open() as connection:
                found = connection.execute(_SUM, (str(self._today() - timedelta(days - 1)),)).fetchall()
        except sqlite3.Error as error:
            log.info("what filters did cannot be read from %s: %s", self._path, error)
            return {}
        return {name: Count(*numbers) for name, *numbers in found}

    def _write(self, day: date, rows: list[tuple[str, str, int, int, int, int]]) -> None:
        with self._open() as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
                return  # a newer ai-lsp writes it too
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.executemany(_ADD, rows)
            connection.execute("DELETE FROM counts WHERE day < ?", (str(day - timedelta(DAYS - 1)),))
        self._path.chmod(0o600)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction."""
        with contextlib.closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection, connection:
            yield connection
