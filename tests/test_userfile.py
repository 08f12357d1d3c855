"""The user's settings file, watched and changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ai_lsp.userfile import UserFileError, Watched, put


def test_a_new_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    put(file, "roles", "chat", "team:qwen3")
    assert file.read_text() == '[roles]\nchat = "team:qwen3"\n'


def test_what_else_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    before = '# mine\nlog_level = "info" # loud\n\n[roles]\n# the old one\nchat = "local"  # for now\n\n'
    before += '[[roles.by]]\nrole="edit"\n'
    file.write_text(before)
    put(file, "roles", "chat", "team:qwen3")
    assert file.read_text() == before.replace('chat = "local"', 'chat = "team:qwen3"')
    put(file, "roles", "edit", "x")
    assert 'edit = "x"' in file.read_text()
    assert "# the old one" in file.read_text()


def test_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").touch()
    (tmp_path / "config.toml").symlink_to("dotfiles.toml")
    put(tmp_path / "config.toml", "roles", "chat", "x")
    assert (tmp_path / "config.toml").is_symlink()
    assert (tmp_path / "dotfiles.toml").read_text() == '[roles]\nchat = "x"\n'


@pytest.mark.parametrize("text", ["no toml", 'roles = "all"\n'])
def test_a_file_that_cannot_be_changed_is_left_alone(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UserFileError, match=r"config\.toml cannot be changed: .*set roles.chat by hand"):
        put(file, "roles", "chat", "x")
    assert file.read_text() == text


def test_watched(tmp_path: Path) -> None:
    file, now = tmp_path / "config.toml", 0.0
    watched = Watched({"AI_LSP_CONFIG": str(file)}, lambda: now)
    file.write_text("a = 1\n")
    assert not watched.changed()  # it looks once a second
    now = 1.5
    assert watched.changed()
    now = 3.0
    assert not watched.changed()
    os.utime(file, (1, 1))
    now = 4.5
    assert watched.changed()
    file.unlink()
    now = 6.0
    assert watched.changed()
