"""Counts of days on disk: added up over servers, forgotten after a month, no trouble when they cannot be kept."""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from ai_lsp.filters.ledger import Ledger
from ai_lsp.filters.tallies import Count, Tallies, Turn

FRIDAY = date(2026, 11, 27)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def ledger(path, today=FRIDAY, clock=None):
    return Ledger(path, clock or Clock(), lambda: today)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "filters.sqlite"


def test_nothing_yet(path):
    assert ledger(path).since() == {}
    assert not path.parent.exists()


def test_counts_of_several_servers_add_up(path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ledger(path).add({"blank": Count(2, 1), "gate": Count(1, vetoed=1)}), range(20)))
    assert ledger(path).since() == {"blank": Count(40, 20), "gate": Count(20, vetoed=20)}
    assert path.stat().st_mode & 0o077 == 0


def test_a_week_is_shown_and_a_month_kept(path):
    for day in (date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 20), date(2026, 11, 21)):
        ledger(path, day).add({"blank": Count(1)})
    found = ledger(path)
    assert found.since() == {"blank": Count(1)}
    found.add({"blank": Count(1)})
    assert found.since(365) == {"blank": Count(4)}
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT min(day) FROM counts").fetchone() == ("2026-11-01",)
    connection.close()


async def test_it_is_written_once_a_minute_and_at_the_end(path):
    clock, tallies = Clock(), Tallies()
    found = ledger(path, clock=clock)
    tallies.add({"blank": Turn(ran=True, cut=True), "gate": Turn()})
    await found.keep(tallies)
    assert found.since() == {}
    clock.now = 61.0
    await found.keep(tallies)
    assert found.since() == {"blank": Count(1, 1)}
    tallies.add({"blank": Turn(ran=True, vetoed=True, failed=True)})
    await found.keep(tallies)
    await found.keep(tallies, now=True)
    assert found.since() == {"blank": Count(2, 1, 1, 1)}
    await found.keep(tallies, now=True)
    assert found.since() == {"blank": Count(2, 1, 1, 1)}


def test_a_damaged_file_is_made_anew(path):
    path.parent.mkdir()
    path.write_bytes(b"no database" * 500)
    assert ledger(path).since() == {}
    ledger(path).add({"blank": Count(1)})
    assert ledger(path).since() == {"blank": Count(1)}


def test_what_a_newer_version_writes_is_left_alone(path):
    ledger(path).add({"blank": Count(1)})
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    ledger(path).add({"blank": Count(1)})
    assert ledger(path).since() == {"blank": Count(1)}


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "state").touch()
    found = ledger(tmp_path / "state" / "filters.sqlite")
    found.add({"blank": Count(1)})
    assert found.since() == {}


async def test_what_is_cancelled_before_a_thread_has_begun_is_written_all_the_same(path):
    loop, begin = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    loop.run_in_executor(None, begin.wait)  # the only thread has something else to do
    tallies = Tallies()
    tallies.add({"blank": Turn(ran=True)})
    kept = asyncio.create_task(ledger(path).keep(tallies, now=True))
    await asyncio.sleep(0)
    kept.cancel()
    await asyncio.wait([kept])
    begin.set()
    await loop.shutdown_default_executor()
    assert ledger(path).since()["blank"].ran == 1
