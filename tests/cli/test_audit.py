"""`ai-lsp audit`."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_lsp.cli import main
from ai_lsp.folders import state_folder
from ai_lsp.permissions.audit import AuditLog, Entry, Outcome

HOUR = 3600.0


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuditLog:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_folder() == tmp_path / "ai-lsp"
    return AuditLog()


@pytest.fixture
def noted(log: AuditLog) -> float:
    """Two requests, one of them days ago and one refused; returns when the other was."""
    now = time.time() - 60
    old = Entry(now - 50 * HOUR, "team", "https://x/v1", "chat", "qwen3", "/x", ("/x/src/a.py",), ("code",), 1200)
    number = log.begin(old)
    log.end(number, Outcome("answered", 40, 300, 12, 800.0))
    new = dataclasses.replace(old, time=now, files=(), kinds=("git",))
    log.end(log.begin(new), Outcome("refused: not sent: nothing allows git"))
    return now


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["audit", *arguments], catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == code
    return done.output


def test_nothing_yet(log: AuditLog) -> None:
    assert run() == f"nothing was sent ({log.file})\n"


def test_a_table(noted: float) -> None:
    heading, first, second, total = run().splitlines()
    assert heading.split() == ["WHEN", "WHERE", "ROLE", "WHAT", "FILES", "SENT", "GOT", "OUTCOME"]
    for text in ("qwen3 at team", "chat", "code", "src/a.py", "300 tokens", "12 tokens", "answered"):
        assert text in first
    for text in ("git", "1,200 chars", "refused: not sent"):
        assert text in second
    assert total == "1 requests sent, 1 not; 1,200 characters left"


def test_json(noted: float) -> None:
    rows = [json.loads(line) for line in run("--json").splitlines()]
    assert [row["outcome"] for row in rows] == ["answered", "refused: not sent: nothing allows git"]
    assert rows[0]["files"] == ["/x/src/a.py"]
    assert set(rows[0]) == {field.name for field in dataclasses.fields(Entry)}


@pytest.mark.parametrize(("since", "count"), [("2h", 1), ("3d", 2), ("5m", 1), ("1w", 2), ("2000-01-01", 2)])
def test_since(since: str, count: int, noted: float) -> None:
    assert len(run("--json", "--since", since).splitlines()) == count


def test_since_when_is_told() -> None:
    assert "write 30m, 12h, 7d, 2w" in run("--since", "yesterday", code=2)


def test_a_log_that_is_damaged(log: AuditLog) -> None:
    log.file.parent.mkdir(parents=True)
    log.file.write_text("no database at all " * 20)
    assert "cannot be read" in run(code=1)
