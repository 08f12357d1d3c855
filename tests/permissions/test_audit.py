"""Everything that leaves is noted."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from ai_lsp.permissions.audit import AuditError, AuditLog, Entry, Outcome

ENTRY = Entry(1000.0, "team", "https://models.example.com/v1", "chat", "qwen3", "/x", ("/x/a.py",), ("code",), 12)


def test_what_is_noted_can_be_read_again(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    number = log.begin(ENTRY)
    assert log.entries() == [ENTRY]
    outcome = Outcome("answered", 5, 7, 2, 12.5)
    AuditLog(tmp_path).end(number, outcome)
    assert log.entries() == [dataclasses.replace(ENTRY, **dataclasses.asdict(outcome))]


def test_since(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    for time in (3000.0, 1000.0, 2000.0):
        log.begin(dataclasses.replace(ENTRY, time=time))
    assert [entry.time for entry in log.entries(since=2000.0)] == [2000.0, 3000.0]


def test_old_ones_go(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, clock=lambda: 10 * 86_400.0)
    for day in (1, 8, 9):
        log.begin(dataclasses.replace(ENTRY, time=day * 86_400.0), keep_days=3)
    assert [entry.time / 86_400 for entry in log.entries()] == [8, 9]


def test_nothing_noted(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "new")
    assert log.entries() == []
    assert not log.file.exists()


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "state")
    log.begin(ENTRY)
    assert stat.S_IMODE(log.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.file.parent.stat().st_mode) == 0o700


def test_one_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "audit.sqlite").write_text("this is no database " * 10)
    log = AuditLog(tmp_path)
    for work in (lambda: log.begin(ENTRY), lambda: log.end(1, Outcome("x")), log.entries):
        with pytest.raises(AuditError, match=r"audit\.sqlite cannot be (written|read)"):
            work()
