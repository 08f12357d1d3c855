"""Which files are found, whatever lies in the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ai_lsp.index.ignore import Ignore
from ai_lsp.index.walk import Entries, walk
from tests.index.repository import write


def paths(root: Path, longest: int = 1_000_000, **options: object) -> list[str]:
    return [file.path for file in walk(root, Ignore(root), longest, **options)]  # type: ignore[arg-type]


def test_files_come_in_order_with_size_and_time(tmp_path: Path) -> None:
    write(tmp_path, {"b.py": "bb", "a/z.py": "z", "a/a/x.py": "x", ".git/HEAD": "x", "node_modules/m.js": "x"})
    found = list(walk(tmp_path, Ignore(tmp_path), 100))
    assert [(file.path, file.size) for file in found] == [("b.py", 2), ("a/z.py", 1), ("a/a/x.py", 1)]
    assert found[0].mtime_ns == (tmp_path / "b.py").stat().st_mtime_ns


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"repo/a.py": "a", "elsewhere/b.py": "b"})
    root = tmp_path / "repo"
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "up").symlink_to("..", target_is_directory=True)
    (root / "self").symlink_to("self")
    (root / "out.py").symlink_to("../elsewhere/b.py")
    (root / "dangling.py").symlink_to("nowhere")
    assert paths(root) == ["a.py"]


def test_pipes_empty_and_huge_files_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "a", "empty.py": ""})
    os.mkfifo(tmp_path / "pipe.py")
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(100 << 20)
    assert paths(tmp_path) == ["a.py"]


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text("a")
    assert paths(tmp_path) == ["caf\udce9.py"]


def test_a_folder_that_cannot_be_listed_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "a", "shut/b.py": "b", "z/c.py": "c"})

    def scandir(path: str) -> Entries:
        if path.endswith("shut"):
            raise PermissionError(path)
        return os.scandir(path)

    assert paths(tmp_path, scandir=scandir) == ["a.py", "z/c.py"]


def test_a_folder_that_vanishes_while_it_is_walked(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.py": "x", "b/y.py": "y", "c/z.py": "z"})
    found = walk(tmp_path, Ignore(tmp_path), 100)
    first = next(found)
    (tmp_path / "b" / "y.py").unlink()
    (tmp_path / "b").rmdir()
    assert [first.path, *(file.path for file in found)] == ["a/x.py", "c/z.py"]


def test_a_file_that_vanishes_before_it_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "a", "b.py": "b"})

    @contextmanager
    def scandir(path: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        with os.scandir(path) as entries:
            found = list(entries)
        (tmp_path / "a.py").unlink(missing_ok=True)
        yield iter(found)

    assert paths(tmp_path, scandir=scandir) == ["b.py"]


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        paths(tmp_path / "nowhere")


def test_folders_deeper_than_a_path_can_say(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "a"})
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    assert paths(tmp_path) == ["a.py"]
