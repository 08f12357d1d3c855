"""Whether single files may get into a prompt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ai_lsp.context.ignore import Readable
from tests.index.repository import write


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.py", True), ("build/a.py", False), ("build/keep.py", False), ("deep/secret.txt", False),
     ("deep/open.txt", True), (".env", False), (".env.example", True), ("nothing/here/yet.py", True),
     ("node_modules/x/index.js", False), ("own/a.py", False), ("a.secret", False)],
)  # fmt: skip
def test_files_of_a_workspace(tmp_path: Path, name: str, expected: bool) -> None:
    write(tmp_path, {".gitignore": "build/\n!build/keep.py\n", "deep/.ignore": "secret.txt\n"})
    readable = Readable([tmp_path], exclude=["/own/"], never=["*.secret"])
    assert readable.may_be_read(tmp_path / name) is expected


def test_a_changed_ignore_file_counts_after_a_second(tmp_path: Path) -> None:
    now = 0.0
    readable = Readable([tmp_path], clock=lambda: now)
    assert readable.may_be_read(tmp_path / "a.py")
    write(tmp_path, {".ai-lspignore": "a.py\n"})
    now = 1.0
    assert not readable.may_be_read(tmp_path / "a.py")
    (tmp_path / ".ai-lspignore").unlink()
    now = 2.0
    assert readable.may_be_read(tmp_path / "a.py")


def test_the_innermost_root_decides(tmp_path: Path) -> None:
    write(tmp_path, {"outer/.gitignore": "inner/\n"})
    inner = tmp_path / "outer" / "inner"
    assert not Readable([tmp_path / "outer"]).may_be_read(inner / "a.py")
    assert Readable([tmp_path / "outer", inner]).may_be_read(inner / "a.py")


def test_outside_of_all_roots(tmp_path: Path) -> None:
    readable = Readable([tmp_path / "root"])
    assert readable.may_be_read(tmp_path / "elsewhere" / "a.py")
    assert not readable.may_be_read(tmp_path / "elsewhere" / "id_rsa")


def test_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    write(tmp_path, {".env": "TOKEN=1\n"})
    (tmp_path / "plain.txt").symlink_to(".env")
    (tmp_path / "loop").symlink_to("loop")
    readable = Readable([tmp_path])
    assert not readable.may_be_read(tmp_path / "plain.txt")
    assert readable.may_be_read(tmp_path / "loop") in (True, False)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, os.fsdecode(b"\xff\xfe.py"), "\U0001f600", ".."])
def test_odd_names_do_not_raise(tmp_path: Path, name: str) -> None:
    assert Readable([tmp_path]).may_be_read(tmp_path / name) in (True, False)
