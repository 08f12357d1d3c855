"""`ai-lsp chat` and `ai-lsp commit-message`, with a model that is scripted."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ai_lsp.cli import main
from tests.scripted import ScriptedModel

MODEL = ScriptedModel([""])


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    @contextlib.asynccontextmanager
    async def scripted(*_arguments: Any) -> AsyncIterator[ScriptedModel]:
        yield MODEL

    MODEL.wishes.clear()
    monkeypatch.setattr("ai_lsp.cli.roles.roles_for", scripted)
    monkeypatch.setattr("ai_lsp.cli.chatter.roles_for", scripted)
    (tmp_path / "config.toml").touch()
    monkeypatch.setenv("AI_LSP_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "repository"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / "shop.py").write_text("def total(prices):\n    return sum(prices)\n")
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, says: str = "", given: str | None = None) -> Result:
    MODEL.answers = [says]
    return CliRunner().invoke(main, list(arguments), input=given)


def test_one_question() -> None:
    found = run("chat", "What", "is @file:shop.py?", says="A shop.")
    assert (found.exit_code, found.stdout) == (0, "A shop.\n")
    assert "return sum(prices)" in MODEL.wishes[0].messages[-1].content


def test_a_conversation_from_standard_input() -> None:
    found = run("chat", says="Yes.", given="Is it?\n\nSure?\n")
    assert found.stdout == "Yes.\nYes.\n"
    assert [message.content for message in MODEL.wishes[1].messages[1:]] == ["Is it?", "Yes.", "Sure?"]
    run("chat", "--resume", "last", "And now?", says="Yes.")
    assert len(MODEL.wishes[2].messages) == 6


def test_what_is_kept() -> None:
    run("chat", "What?", says="A shop.")
    listed = run("chat", "--list").stdout
    name = listed.split()[0]
    assert listed.endswith("1 questions  What?\n")
    assert run("chat", "--show", name).stdout == "> What?\n\nA shop.\n\n"
    assert run("chat", "--delete", name).stdout == "deleted 1\n"
    assert run("chat", "--list").stdout == ""
    assert run("chat", "--delete", "all").stdout == "deleted 0\n"
    assert run("chat", "--show", name).exit_code == 1
    assert "there is no conversation yet" in run("chat", "--resume", "last", "x").stderr


def test_an_action_shows_what_it_would_change(repository: Path) -> None:
    found = run("chat", "/document shop.py:2", says="Add up all prices.")
    assert '+    """Add up all prices."""\n' in found.stdout
    assert (repository / "shop.py").read_text() == "def total(prices):\n    return sum(prices)\n"


def test_an_explanation() -> None:
    assert run("chat", "/explain shop.py", says="It adds.").stdout == "It adds.\n"


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("/nothing x", "there is no /nothing; there are /commit, "),
        ("/document", "an action needs a place"),
        ("/document none.py", "there is no file"),
        ("@file:../x", "is not in"),
        ("/simplify shop.py", "has no code in it"),
    ],
)
def test_what_cannot_be_answered(question: str, error: str) -> None:
    found = run("chat", question, says="I am only a small model, sorry.")
    assert found.exit_code == 1
    assert error in found.stderr


def test_a_commit_message(repository: Path) -> None:
    found = run("commit-message", says="Sell fruit.")
    assert found.exit_code == 1 and "nothing is staged in" in found.stderr
    subprocess.run(["git", "add", "shop.py"], cwd=repository, check=True)
    assert run("commit-message", says="Sell fruit.\n\nIt is good.").stdout == "Sell fruit\n\nIt is good.\n"
    assert "+    return sum(prices)" in MODEL.wishes[-1].messages[-1].content
    assert run("commit-message", "--root", str(repository), says="```").exit_code == 1


def test_what_the_repository_has_is_found_without_an_editor(repository: Path) -> None:
    for number in range(20):
        (repository / f"other_{number}.py").write_text(f"value_{number} = {number}\n" * 16)
    found = run("chat", "@repo", "where is the total?", says="There.")
    assert (found.exit_code, found.stdout) == (0, "There.\n")
    assert "def total(prices)" in MODEL.wishes[0].messages[-1].content
