"""The real builder, on folders and disks that are not as they should be: it goes on, and says what is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_lsp.index.settings import Settings
from tests.index.repository import Repository, noise, write
from tests.index.test_client import builder, ready
from tests.index.test_service import run, update

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and mounts of POSIX")


async def test_whatever_lies_in_the_folder(tmp_path: Path) -> None:
    files = {
        "a.py": "wanted_words = 1\n", "binary.py": b"\x7fELF\0\0wanted_words\0" * 99, "image.png": b"\x89PNG\0\0",
        "latin.py": "# caf\xe9 wanted_words\n".encode("latin-1"), "minified.js": "var a=1;" * 5_000,
        "empty.py": "",
        ".gitignore": "by_git.py\n", ".ignore": "by_ignore.py\n", ".ai-lspignore": "by_ours.py\n!by_git.py\n",
        "by_git.py": "wanted_words = 2\n", "by_ignore.py": "wanted_words\n", "by_ours.py": "wanted_words\n",
        "by_option.py": "wanted_words\n", ".env": "wanted_words=1\n", "sub/key.pem": "wanted_words\n", **noise(30),
    }  # fmt: skip
    repository = Repository(tmp_path, files, Settings(exclude=("/by_option.py",)))
    root = repository.root
    for name, target in (("loop", "."), ("sub/up", ".."), ("self", "self"), ("other.py", "a.py")):
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe.py")
    with (root / "huge.py").open("wb") as file:
        file.truncate(100_000_000)
    (root / "shut.py").write_text("wanted_words = 3\n")
    (root / "shut.py").chmod(0)
    async with builder(repository) as (_, watch):
        status = await watch.until(ready)
    assert status.message == ""
    expected = ["a.py", "by_git.py", "latin.py", *(["shut.py"] if os.access(root / "shut.py", os.R_OK) else [])]
    assert [path for path, _ in repository.found("wanted_words")] == expected


def test_a_file_that_may_not_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", "shut.py": "some_words\n", **noise(5)})
    real = os.open

    def refuse(path: str | Path, *arguments: int, **options: int) -> int:
        if str(path).endswith("shut.py"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    told = run(repository)
    assert told.kinds()[-1] == "ready"
    assert repository.found("some_words") == [("a.py", 0)]


def test_a_folder_that_is_deleted_while_it_is_open(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(3)})

    def delete() -> bytes:
        shutil.rmtree(repository.root)
        return b'{"scan": true}'

    def come_back() -> bytes:
        write(repository.root, {"b.py": "other_words\n"})
        return update(repository.root / "b.py")

    told = run(repository, delete, come_back)
    failed = next(status for status in told.said if status.kind == "failed")
    assert failed.message == f"{repository.root} is not there"
    assert failed.files == 4
    assert told.kinds()[-1] == "ready"
    assert repository.files() == ["b.py"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 600 kB; only root can make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root may mount")
    options = ["-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_disk_that_is_really_full(tmp_path: Path, small_disk: Path) -> None:
    words = {f"m{n}.py": "".join(f"word_{n}_{k * 7919 % 1009} = {k}\n" for k in range(400)) for n in range(60)}
    repository = Repository(tmp_path, {"a.py": "some_words\n"})
    repository.path = small_disk / "index" / repository.path.name
    repository.index = type(repository.index)(repository.root, repository.path)

    def fill() -> bytes:
        assert repository.found("some_words") == [("a.py", 0)]
        write(repository.root, words)
        return b'{"scan": true}'

    def make_room() -> bytes:
        assert repository.found("some_words") == [("a.py", 0)]
        for name in words:
            (repository.root / name).unlink()
        (repository.root / "b.py").write_text("other_words\n")
        return b'{"scan": true}'

    told = run(repository, fill, make_room, lambda: b"{}", settings=Settings(keep_days=0))
    full = next(status for status in told.said if status.kind == "limited")
    assert full.message == "the index cannot be written: database or disk is full"
    assert told.kinds()[-1] == "ready"
    assert repository.found("some_words", "other_words") == [("a.py", 0), ("b.py", 0)]


def test_a_disk_on_which_nothing_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n"})

    def full(*_arguments: object, **_options: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("ai_lsp.index.lock.os.open", full)
        told = run(repository)
    assert told.kinds() == ["limited"]
    assert "No space left on device" in told.said[0].message
    assert run(repository).kinds()[-1] == "ready"
