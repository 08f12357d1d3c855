"""Emacs with `editors/emacs/ai-lsp.el` and eglot, in --batch: the real program, server and model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ai_lsp.setup.recipes import RECIPES, Machine
from tests.editors.settings import isolated
from tests.editors.terminal import CONFIG, program
from tests.editors.test_nvim import BODY, TEXT

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "editors" / "emacs"
SERVER = [sys.executable, "-m", "ai_lsp", "serve"]
METHOD = "    def get_delta(self):\n"


def batch(home: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run Emacs to its end, with the plugin on its load-path and nothing of the user's; `said` is its input."""
    command = [*program("emacs"), "-Q", "--batch", "-L", str(PLUGIN), *arguments]
    environment = os.environ | {"HOME": str(home)}
    return subprocess.run(command, capture_output=True, text=True, timeout=200, env=environment, input=said)


def eglot(home: Path, script: str, text: str, *server: str, said: str = "") -> dict[str, Any]:
    """Return what a script has seen of one session of eglot in a file with that text."""
    file = home / "work" / "a.py"
    file.parent.mkdir()
    file.write_bytes(text.encode())
    scripts = [word for name in ("eglot_session.el", script) for word in ("-l", str(HERE / name))]
    with isolated(home, CONFIG):
        done = batch(home, *scripts, "--", str(file), *server, said=said)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.split("\n")[-1])
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What eglot.el has seen of one session."""
    return eglot(tmp_path_factory.mktemp("eglot"), "eglot.el", TEXT + METHOD, *SERVER)


def test_completion_at_point_inserts_all_lines(seen: dict[str, str]) -> None:
    assert seen["on"] == f"{TEXT}{METHOD}        {BODY}"


def test_switched_off(seen: dict[str, str]) -> None:
    assert seen["off"] == f"{TEXT}{METHOD}        "


def test_characters_of_more_than_one_unit_before_the_cursor(seen: dict[str, str]) -> None:
    assert seen["emoji"].split("\n")[-1] == 'print("😀é", one, two, 6)'


def test_undo_takes_it_back(seen: dict[str, str]) -> None:
    assert seen["undone"].split("\n")[-1] == 'print("😀é", one, tw'


def test_lines_that_end_in_crlf(seen: dict[str, str]) -> None:
    assert seen["dos"] == f"{TEXT}{METHOD}        {BODY}\n".replace("\n", "\r\n")


def test_why_is_for_people(seen: dict[str, str]) -> None:
    assert f"Suggested (not accepted):\n\n{BODY}\n" in seen["why"]
    assert "\nMilliseconds:\n  arrival " in seen["why"]


def test_stats_are_for_people(seen: dict[str, str]) -> None:
    assert "answered with a text     1\n" in seen["stats"]


def test_it_compiles_without_a_warning(tmp_path: Path) -> None:
    files = [tmp_path / path.name for path in PLUGIN.glob("*.el")]
    for file in files:
        file.write_text((PLUGIN / file.name).read_text())
    compiled = ("-f", "batch-byte-compile", *map(str, files))
    done = batch(tmp_path, "--eval", "(setq byte-compile-error-on-warn t)", *compiled)
    assert done.returncode == 0, done.stderr


def test_setup_loads_it(tmp_path: Path) -> None:
    init = tmp_path / "init.el"
    init.write_text(RECIPES["emacs"].block(Machine(tmp_path, {}, ["x", "y"], lambda _command: ""), ""))
    seen = "(list ai-lsp-command (fboundp 'ai-lsp-why) python-mode-hook)"
    done = batch(tmp_path, "-l", str(init), "--eval", f"(prin1 {seen})")
    assert done.stdout == '(("x" "y" "serve") t (completion-preview-mode))', done.stderr
