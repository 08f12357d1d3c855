import shutil
import subprocess
from pathlib import Path

import pytest

from ai_lsp.context.cochange import CoChange, git_log, parse

ROOT = Path("/w")


def test_the_files_of_each_commit() -> None:
    output = "\x01\0\na.py\0\x01\0\na.py\0sub/é.py\0\x01\0".encode() + b"\x01\0\n" + b"x\0" * 40
    assert parse(output) == [("a.py",), ("a.py", "sub/é.py")]


async def related(commits: list[list[str]], path: str) -> list[tuple[str, float]]:
    async def read(_root: Path) -> bytes:
        return "".join("\x01\0\n" + "".join(f"{name}\0" for name in files) for files in commits).encode()

    history = CoChange(read)
    assert history.related(ROOT, path) == []
    await history.settled()
    return list(history.related(ROOT, path))


async def test_files_that_were_changed_together() -> None:
    commits = [["a", "b"], ["a", "b", "c", "d"], ["a", "c", "d", "e"], ["a"], ["b", "c"]]
    assert await related(commits, "a") == [("b", 1.5 / 6), ("c", 1 / 6), ("d", 1 / 6)]


async def test_a_file_that_nobody_changed() -> None:
    assert await related([["a", "b"]], "x") == []


async def test_a_history_is_read_once() -> None:
    asked = []

    async def read(root: Path) -> bytes:
        asked.append(root)
        return b""

    history = CoChange(read)
    for _ in range(3):
        history.related(ROOT, "a")
        await history.settled()
    assert asked == [ROOT]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_a_real_history(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    inner = tmp_path / "inner"
    inner.mkdir()
    for text in ("1", "2"):
        for name in ("inner/a b.py", "inner/é.py", "outer.py"):
            (tmp_path / name).write_text(text)
        git("add", ".")
        git("commit", "-m", text)
    history = CoChange()
    history.related(inner, "a b.py")
    await history.settled()
    assert history.related(inner, "a b.py") == [("é.py", 0.5)]


async def test_no_history_without_a_repository(tmp_path: Path) -> None:
    assert await git_log(tmp_path) == b""
    assert await git_log(tmp_path / "missing") == b""
