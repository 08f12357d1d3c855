"""Code actions in Emacs with `editors/emacs/ai-lsp.el` and eglot, in --batch; the model is scripted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.editors.test_emacs import eglot
from tests.editors.test_nvim_actions import BODY, ROOT, SCRIPTED, TEXT

ANSWERS = ["def total(prices):\n    return sum(prices)\n", "Add up all prices."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the model's script."""
    return tmp_path_factory.mktemp("actions")


@pytest.fixture(scope="module")
def seen(folder: Path) -> dict[str, object]:
    """What eglot_actions.el has seen, who was asked twice and said something once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRIPT", str(folder / "script.json"))
        patch.setenv("PYTHONPATH", str(ROOT))
        (folder / "script.json").write_text(json.dumps(ANSWERS))
        return eglot(folder, "eglot_actions.el", TEXT, *SCRIPTED, said="\nuse sum\n")


def asked(folder: Path) -> list[str]:
    """What the model was asked."""
    wishes = [json.loads(line) for line in (folder / "script.asked").read_text().splitlines()]
    return [str(wish["messages"][-1]["content"]) for wish in wishes]


def test_it_asks_what_is_to_be_done(seen: dict[str, object], folder: Path) -> None:
    assert seen["told"] == TEXT.replace(BODY, "    return sum(prices)\n")
    assert "Change this python code: use sum" in asked(folder)[0]


def test_nothing_said_nothing_done(seen: dict[str, object], folder: Path) -> None:
    assert len(asked(folder)) == 2


def test_undo_takes_an_edit_back_in_one_step(seen: dict[str, object]) -> None:
    assert seen["undone"] is True


def test_other_actions_are_as_ever(seen: dict[str, object]) -> None:
    assert '"""Add up all prices."""' in str(seen["documented"])
