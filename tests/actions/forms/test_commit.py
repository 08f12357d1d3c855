"""Commit messages, from real repositories' staged changes."""

import subprocess
from pathlib import Path

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.forms.commit import message, readable, staged
from ai_lsp.actions.forms.form import Unusable

SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Begin with x")
    return tmp_path


def test_what_is_staged_without_its_secrets(repository):
    (repository / "a.py").write_text(f'x = 2\ntoken = "{SECRET}"\n')
    (repository / "b.env").write_text("hidden = 1\n")
    git(repository, "add", ".")
    (repository / "a.py").write_text("not staged\n")
    found = staged(repository, lambda path: path.suffix != ".env")
    assert "+x = 2" in found.values["diff"] and "not staged" not in found.values["diff"]
    assert SECRET not in found.values["diff"] and "hidden" not in found.values["diff"]
    assert found.values["log"] == "Begin with x"
    assert [(part.kind, part.path) for part in found.parts] == [("git", str(repository / "a.py"))]


def test_nothing_is_staged(repository, tmp_path_factory):
    with pytest.raises(Refused, match="nothing is staged in"):
        staged(repository, lambda _path: True)
    with pytest.raises(Refused, match=r"git diff fails in|nothing is staged"):
        staged(tmp_path_factory.mktemp("plain"), lambda _path: True)


def test_only_what_must_not_be_read(repository):
    (repository / "a.env").write_text("x\n")
    git(repository, "add", ".")
    with pytest.raises(Refused, match="only files that must not be read are staged"):
        staged(repository, lambda _path: False)


def test_a_repository_without_a_commit(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 1\n")
    git(tmp_path, "add", ".")
    assert staged(tmp_path, lambda _path: True).values["log"] == ""


def test_a_diff_without_some_files():
    diff = "diff --git a/x.py b/x.py\n+1\ndiff --git a/k.pem b/k.pem\n+2\ndiff --git a/y.py b/y.py\n+3\n"
    found = readable(diff, Path("/r"), lambda path: path.suffix == ".py")
    assert found == "diff --git a/x.py b/x.py\n+1\ndiff --git a/y.py b/y.py\n+3\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Add a shop", "Add a shop"),
        ('"Add a shop."', "Add a shop"),
        ("```\nAdd a shop\n```", "Add a shop"),
        ("Commit message: Add a shop", "Add a shop"),
        ("Here is the message:\n\nAdd a shop", "Add a shop"),
        ("Add a shop. It sells fruit.", "Add a shop"),
        ("Add a shop\n\nIt sells fruit.", "Add a shop\n\nIt sells fruit."),
        ("Add a shop\n\n- apples\n- pears", "Add a shop\n\n- apples\n- pears"),
        ("Add a shop\n\n```diff\n+x\n```", "Add a shop"),
        ("Add " + "very " * 30 + "much", "Add " + "very " * 12 + "very…"),
    ],
)
def test_message(answer, expected):
    assert message(answer) == expected


def test_a_long_paragraph_is_wrapped():
    assert max(map(len, message("Add a shop\n\n" + "word " * 50).split("\n"))) <= 72


@pytest.mark.parametrize("answer", ["", "Fix", "diff --git a/x b/x", "```\n```"])
def test_no_message(answer):
    with pytest.raises(Unusable):
        message(answer)
