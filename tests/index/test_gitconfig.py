"""Git's settings, held against git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ai_lsp.index.gitconfig import excludes_file
from ai_lsp.index.ignore import Ignore
from tests.index.repository import write


def repository(root: Path) -> Path:
    root.mkdir()
    subprocess.run(["git", "init", "-q", root], check=True)
    return root


def git_says(root: Path) -> str | None:
    command = ["git", "config", "--get", "--path", "core.excludesFile"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.removesuffix("\n") if done.returncode == 0 else None


@pytest.mark.parametrize(
    "config",
    ["[core]\n\texcludesFile = ~/patterns\n", "[core]\nexcludesfile=/etc/patterns # of all\n",
     '[CORE]excludesFile="~/a b;c"\n',
     "[user]\nexcludesFile = no\n[core]\n  EXCLUDESFILE = ~/one\n[core]\n  excludesFile = ~/two ; comment\n",
     '[core "x"]\nexcludesFile = no\n', "[core]\nexcludesFile = \\\n  ~/joined\n",
     "# a \\\n[core]\nexcludesFile = ~/b\n",
     "[include]\npath = more\n", "[core]\nexcludesFile = ~/a\n[include]\npath = ~/more\n",
     "[include]\npath = nowhere\n",
     '[core]\nexcludesFile = "~/tab\\tquote\\"back\\\\"\n', "[core]\nexcludesFile = ~/a\\\n/b\n", ""],
)  # fmt: skip
def test_values_are_those_that_git_reads(tmp_path: Path, home: Path, config: str) -> None:
    write(home, {".gitconfig": config, "more": "[core]\nexcludesFile = ~/from_more\n"})
    root = repository(tmp_path / "root")
    said = git_says(root)
    expected = home / ".config" / "git" / "ignore" if said is None else Path(said)
    assert excludes_file(root, root / ".git") == expected


def test_the_nearer_file_of_settings_counts(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "root")

    def setting(name: str) -> str:
        return f"[core]\nexcludesFile = /{name}\n"

    found = []
    monkeypatch.delenv("GIT_CONFIG_NOSYSTEM")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(home / "system"))
    for name in ("system", ".config/git/config", ".gitconfig"):
        write(home, {name: setting(name)})
        found.append(excludes_file(root, root / ".git"))
        assert str(found[-1]) == git_says(root)
    write(root, {".git/config": setting("own")})
    found.append(excludes_file(root, root / ".git"))
    assert found == [Path(name) for name in ("/system", "/.config/git/config", "/.gitconfig", "/own")]
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    write(root, {".git/config": ""})
    assert excludes_file(root, root / ".git") == Path("/system")


def test_settings_in_another_place(tmp_path: Path, home: Path) -> None:
    variables = {"HOME": str(home), "XDG_CONFIG_HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "true"}
    assert excludes_file(tmp_path, tmp_path / ".git", variables) == tmp_path / "git" / "ignore"
    write(tmp_path, {"git/config": "[core]\nexcludesFile = relative\n"})
    assert excludes_file(tmp_path, tmp_path / ".git", variables) == tmp_path / "relative"
    write(tmp_path, {"git/config": "[core]\nexcludesFile =\n"})
    assert excludes_file(tmp_path, tmp_path / ".git", variables) is None


@pytest.mark.parametrize(
    "config",
    [b"\xff\xfe\0[core", b"[core", b"[core]\nexcludesFile", b'[core]\nexcludesFile = "\\',
     b"[include]\npath = .gitconfig\n",
     b"[core]\nexcludesFile = a\0b\n", b"[core]\nexcludesFile = ~nobody-at-all/x\n",
     b"[include]\npath = /\n", b"\\\n" * 9,
     b"[core]\nexcludesFile = .\n"],
)  # fmt: skip
def test_odd_settings_are_survived(tmp_path: Path, home: Path, config: bytes) -> None:
    write(home, {".gitconfig": config})
    write(tmp_path, {"root/.git/HEAD": "x"})
    assert Ignore(tmp_path / "root").keeps_file("a.py")


def test_settings_that_are_no_file(tmp_path: Path, home: Path) -> None:
    (home / ".gitconfig").mkdir()
    (home / ".config").mkdir()
    (home / ".config" / "git").symlink_to("git")
    os.mkfifo(home / "pipe")
    write(tmp_path, {"root/.git/config": f"[include]\npath = {home}/pipe\n"})
    assert Ignore(tmp_path / "root").keeps_file("a.py")


def test_what_git_leaves_out_everywhere(tmp_path: Path, home: Path) -> None:
    write(home, {".config/git/ignore": "*.swp\nnotes/\n/sub/top.txt\n"})
    root = repository(tmp_path / "root")
    write(root, {".git/info/exclude": "!kept.swp\n", "sub/.gitignore": "!b.swp\n"})
    names = ["a.swp", "kept.swp", "sub/b.swp", "notes/a.md", "sub/top.txt", "top.txt"]
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", *names], cwd=root, capture_output=True, text=True, check=True
    )
    kept = [name for name in names if name not in asked.stdout.split("\n")]
    assert (
        [name for name in names if Ignore(root).keeps_file(name)] == kept == ["kept.swp", "sub/b.swp", "top.txt"]
    )
    assert [name for name in ("b.swp", "top.txt") if Ignore(root / "sub").keeps_file(name)] == ["b.swp"]


def test_without_a_repository_git_has_no_say(tmp_path: Path, home: Path) -> None:
    write(home, {".config/git/ignore": "*.swp\n"})
    assert Ignore(tmp_path).keeps_file("a.swp")
