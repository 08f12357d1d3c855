"""Code actions in a real Neovim through its own menu, with nothing but the server; the model is scripted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.nvim import Editor
from tests.editors.settings import isolated, needs_neovim

pytestmark = needs_neovim

ROOT = Path(__file__).parents[2]
SETUP = """
local cmd, env, root = ...
vim.lsp.start({ name = "ai_lsp", cmd = cmd, cmd_env = env, cmd_cwd = env.PYTHONPATH, root_dir = root })
"""
CHOOSE = """
local title = ...
vim.lsp.buf.code_action({ apply = true, filter = function(a) return vim.startswith(a.title, title) end })
"""
WINDOWS = """
local texts = {}
for _, window in ipairs(vim.api.nvim_list_wins()) do
  vim.list_extend(texts, vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false))
end
return table.concat(texts, "\\n")
"""
TEXT = """def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result


def largest(numbers):
    ...
"""


class Acting(Editor):
    """An editor without our plugin, in a repository, and what its model says."""

    def set_up(self, options: dict[str, object]) -> None:
        self.script = self._folder / "script.json"
        self.root = self._folder / "repository"
        self.root.mkdir()
        (self.root / "pytest.ini").touch()
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)

    def begin(self, text: str) -> None:
        path = self.root / "shop.py"
        path.write_text(text)
        self.nvim.command(f"edit {path}")
        env = {"SCRIPT": str(self.script), "PYTHONPATH": str(ROOT)}
        self.lua(SETUP, [sys.executable, "-m", "tests.scripted"], env, str(self.root))
        self.until(lambda: self.lua("local c = vim.lsp.get_clients()[1]; return c ~= nil and c.initialized"))

    @property
    def windows(self) -> str:
        """The text of all windows."""
        return str(self.lua(WINDOWS))

    def choose(self, title: str, line: int, says: str) -> None:
        self.script.write_text(json.dumps([says]))
        self.nvim.current.window.cursor = (line, 0)
        self.lua(CHOOSE, title)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Acting]:
    with isolated(tmp_path):
        one = Acting(tmp_path)
    one.begin(TEXT)
    yield one
    one.close()


def test_an_edit_is_applied_and_undone_in_one_step(editor: Acting) -> None:
    editor.choose("Simplify", 2, "def total(prices):\n    return sum(prices)\n")
    editor.until(lambda: editor.lines[:2] == ["def total(prices):", "    return sum(prices)"])
    assert editor.lines[2:] == TEXT.split("\n")[5:-1]
    editor.type("u")
    assert editor.until(lambda: editor.lines == TEXT.split("\n")[:-1])


def test_one_action_after_another(editor: Acting) -> None:
    editor.choose("Document", 2, "Add up all prices.")
    editor.until(lambda: editor.lines[1] == '    """Add up all prices."""')
    editor.choose("Complete", 9, "return max(numbers)")
    assert editor.until(lambda: editor.lines[-1] == "    return max(numbers)")


def test_an_explanation_opens_as_a_document(editor: Acting) -> None:
    editor.choose("Explain", 2, "It adds **up**.")
    assert editor.until(lambda: "It adds **up**." in editor.windows)


def test_a_test_becomes_a_file(editor: Acting) -> None:
    editor.choose("Write a test", 2, "def test_total():\n    assert total([1]) == 1")
    found = editor.until(lambda: [b for b in editor.nvim.buffers if b.name.endswith("tests/test_shop.py")])
    expected = ["from shop import total", "", "", "def test_total():", "    assert total([1]) == 1"]
    assert editor.until(lambda: list(found[0][:])[:5] == expected)


def test_what_the_model_cannot_do_changes_nothing(editor: Acting) -> None:
    editor.choose("Simplify", 2, "I am only a small model, and I cannot do that.")
    editor.until(lambda: "has no code in it" in editor.windows)
    assert TEXT.split("\n")[:-1] in [list(buffer[:]) for buffer in editor.nvim.buffers]
