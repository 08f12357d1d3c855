"""A fresh user of Neovim: a clean home folder, and what README.md says, word for word; for `make test-editors`."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pynvim
import pytest

from tests.editors.nvim import PROGRAM, Editor
from tests.editors.settings import needs_neovim
from tests.editors.test_nvim import BODY, TEXT

pytestmark = [needs_neovim, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
METHOD = "    def get_delta(self):\n"
SECTION = re.compile(r"^## Set up your editor\n(.*?)^## ", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^    (\S.*)$", re.MULTILINE)
LUA = re.compile(r"^```lua\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Fresh(Editor):
    """An editor with the configuration of its user, in the surroundings of this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.nvim = pynvim.attach("child", argv=[*PROGRAM, "--embed", "--headless", "-n"])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with the checkout, a Python environment, and nothing else; what pip has compiled stays."""
    cache = os.environ.get("PIP_CACHE_DIR") or Path.home() / ".cache" / "pip"
    for name in [name for name in os.environ if name.startswith(("XDG_", "AI_LSP_")) and name != "AI_LSP_NVIM"]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (tmp_path / "ai-lsp").symlink_to(ROOT)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CACHE_DIR", str(cache))
    monkeypatch.setenv("PATH", f"{tmp_path / 'venv' / 'bin'}:{os.environ['PATH']}")
    return tmp_path


def follow_readme() -> str:
    """Run the commands under "Set up your editor", and return what is to be in `init.lua`."""
    found = SECTION.search((ROOT / "README.md").read_text("utf-8"))
    assert found is not None
    commands = COMMAND.findall(found[1])
    assert commands == ["pip install .", "ai-lsp models pull", "ai-lsp doctor"]
    for command in commands:
        done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return LUA.findall(found[1])[0]


def test_a_fresh_user_gets_ghost_text(home: Path) -> None:
    init = home / ".config" / "nvim" / "init.lua"
    init.parent.mkdir(parents=True)
    init.write_text(follow_readme())
    (home / "work").mkdir()
    editor = Fresh(home / "work")
    editor.open("a.py", TEXT)
    editor.type("Go    def get_delta(self):<CR>")
    looks = itertools.count(1)
    # A busy machine may miss the 450 ms that a fresh user has; what came late is there at the next key.
    editor.until(lambda: editor.ghost or (next(looks) % 100 == 0 and editor.type("x<BS>")))
    editor.type("<Tab>")
    written = editor.until(lambda: "\n".join(editor.lines).partition(f"{TEXT}{METHOD}")[2].strip())
    assert BODY.startswith(written)  # all of it, or what was there in time
    editor.close()
