"""Code actions in a real Neovim through its own menu, most without the plugin; the model is scripted."""

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
TITLES = """
local place = ...
local document = { uri = vim.uri_from_bufnr(0) }
local range = { start = place, ["end"] = place }
local params = { textDocument = document, range = range, context = { diagnostics = {} } }
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 30000)
return vim.tbl_map(function(action) return action.title end, vim.tbl_values(answers)[1].result)
"""
BODY = """    result = 0
    for price in prices:
        result = result + price
    return result
"""
TEXT = f"""def total(prices):
{BODY}

def largest(numbers):
    ...
"""
LAST_LINE = """
local line = ""
for col = 1, vim.o.columns do line = line .. vim.fn.screenstring(vim.o.lines, col) end
return line
"""
SCRIPTED = [sys.executable, "-m", "tests.scripted"]


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
        self.start()
        self.until(lambda: self.lua("local c = vim.lsp.get_clients()[1]; return c ~= nil and c.initialized"))

    def start(self) -> None:
        env = {"SCRIPT": str(self.script), "PYTHONPATH": str(ROOT)}
        self.lua(SETUP, SCRIPTED, env, str(self.root))

    @property
    def windows(self) -> str:
        """The text of all windows."""
        return str(self.lua(WINDOWS))

    def choose(self, title: str, line: int, says: str) -> None:
        self.script.write_text(json.dumps([says]))
        self.nvim.current.window.cursor = (line, 0)
        self.lua(CHOOSE, title)


class Asking(Acting):
    """The same with our plugin, which asks for an instruction."""

    def start(self) -> None:
        """Set the plugin up, which starts the server for the file that is open."""
        env = {"SCRIPT": str(self.script), "PYTHONPATH": str(ROOT)}
        self.lua("for name, value in pairs(...) do vim.env[name] = value end", env)
        self.lua('require("ai_lsp").setup(...)', {"cmd": SCRIPTED})

    def choose(self, title: str, line: int, says: str) -> None:
        super().choose(title, line, says)
        self.until(self.is_asking)

    def is_asking(self) -> bool:
        """Whether there is an input; the mode does not tell, in Neovim 0.10, while something is selected."""
        return str(self.nvim.funcs.getcmdtype()) == "@"

    @property
    def asked(self) -> list[str]:
        """What the model was asked, once it was."""
        path = self.script.with_suffix(".asked")
        wishes = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [str(wish["messages"][-1]["content"]) for wish in wishes]


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


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with isolated(tmp_path):
        one = Asking(tmp_path)
    one.begin(TEXT)
    yield one
    one.close()


def test_the_plugin_asks_what_is_to_be_done(asking: Asking) -> None:
    asking.choose("Rewrite as told", 2, "def total(prices):\n    return sum(prices)\n")
    assert str(asking.lua(LAST_LINE)).startswith("Rewrite as told: `total`… (scripted): ")
    asking.type("use sum<CR>")
    asking.until(lambda: asking.lines == TEXT.replace(BODY, "    return sum(prices)\n").split("\n")[:-1])
    assert "Change this python code: use sum" in asking.asked[0]
    asking.type("u")
    assert asking.until(lambda: asking.lines == TEXT.split("\n")[:-1])


def test_what_is_selected_is_changed(asking: Asking) -> None:
    asking.script.write_text(json.dumps(["result = sum(prices)\n"]))
    asking.nvim.current.window.cursor = (2, 0)
    asking.type("Vjj")
    asking.until(lambda: asking.mode == "V" and asking.nvim.funcs.line(".") == 4)
    asking.lua(CHOOSE, "Rewrite as told: the selection")
    asking.until(asking.is_asking)
    asking.type("use sum<CR>")
    assert asking.until(
        lambda: asking.lines[:3] == ["def total(prices):", "    result = sum(prices)", "    return result"]
    )


@pytest.mark.parametrize("keys", ["use sum<Esc>", "<CR>", "  <CR>", "use sum<C-c>"])
def test_nothing_happens_where_nothing_is_said(asking: Asking, keys: str) -> None:
    asking.choose("Rewrite as told", 2, "def total(prices):\n    return sum(prices)\n")
    asking.type(keys)
    asking.until(lambda: asking.mode == "n")
    asking.script.write_text(json.dumps(["Add up all prices."]))
    asking.lua(CHOOSE, "Document")  # what was wished for before would be asked before
    asking.until(lambda: asking.lines[1] == '    """Add up all prices."""')
    assert len(asking.asked) == 1 and "use sum" not in asking.asked[0]
    assert asking.nvim.vvars["errmsg"] == ""


def test_without_the_plugin_nobody_asks(editor: Acting) -> None:
    titles = editor.lua(TITLES, {"line": 1, "character": 0})
    assert "Simplify `total` (scripted)" in titles
    assert [title for title in titles if title.startswith("Rewrite")] == []
