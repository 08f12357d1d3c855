"""Neovim 0.12's own ghost text, set up as the README says for those who want no plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.editors.nvim import SERVER, SETTINGS, Editor
from tests.editors.settings import isolated, needs_neovim
from tests.editors.test_nvim import BODY, TEXT

pytestmark = needs_neovim

SETUP = """
local cmd, settings = ...
vim.lsp.config("ai_lsp", {
  cmd = cmd,
  filetypes = { "python" },
  root_markers = { ".git" },
  settings = { ["ai-lsp"] = settings },
})
vim.lsp.enable("ai_lsp")
vim.lsp.inline_completion.enable()
vim.keymap.set("i", "<Tab>", function()
  if not vim.lsp.inline_completion.get() then return "<Tab>" end
end, { expr = true, desc = "Accept the AI suggestion" })
"""
GHOST = """
local ns = vim.api.nvim_get_namespaces()["nvim.lsp.inline_completion"]
local mark = ns and vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true })[1]
return mark and mark[4].virt_text[1][1] or ""
"""
READY = """
local client = vim.lsp.get_clients({ bufnr = 0 })[1]
if not client or not client.initialized then return false end
local answer = client:request_sync("workspace/executeCommand", { command = "ai-lsp.status" }, 5000, 0)
return answer and answer.result and answer.result.engine == "ready"
"""


class BuiltIn(Editor):
    """An editor without our plugin."""

    def set_up(self, options: dict[str, object]) -> None:
        self.there = bool(self.lua("return vim.lsp.inline_completion ~= nil"))
        if self.there:
            self.lua(SETUP, options["cmd"], options["settings"])

    def ready(self) -> bool:
        return bool(self.lua(READY))

    @property
    def ghost(self) -> str:
        return str(self.lua(GHOST))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltIn]:
    folder = tmp_path_factory.mktemp("builtin")
    with isolated(folder, "context.max_chars = 0\n"):
        editor = BuiltIn(folder, cmd=SERVER, settings=SETTINGS)
    if not editor.there:
        editor.close()
        pytest.skip("this Neovim has no inline completion of its own")
    yield editor
    editor.close()


@pytest.fixture
def editor(running: BuiltIn) -> Iterator[BuiltIn]:
    yield running
    running.reset()


def test_it_shows_and_takes(editor: BuiltIn) -> None:
    editor.open("a.py", TEXT)
    editor.type("Go    def get_delta(self):<CR>")
    assert editor.wait_for_ghost() == BODY.split("\n")[0]
    editor.type("<Tab>")
    assert editor.until(lambda: editor.line == "        return self.delta")
    editor.type("<Esc>u")
    assert editor.until(lambda: "delta" not in editor.lines[-1])


def test_its_tab_is_a_tab_where_there_is_nothing(editor: BuiltIn) -> None:
    editor.open("a.py", "\n")
    editor.type("i<Tab>")
    assert editor.until(lambda: editor.line == "    ")


def test_its_lines_end_in_crlf(editor: BuiltIn) -> None:
    path = editor.open("dos.py", TEXT.replace("\n", "\r\n"))
    editor.type("Go    def get_delta(self):<CR>")
    editor.wait_for_ghost()
    editor.type("<Tab>")
    editor.until(lambda: editor.line == "        return self.delta")
    editor.type("<Esc>")
    editor.until(lambda: editor.mode == "n")
    editor.nvim.command("write")
    text = f"{TEXT}    def get_delta(self):\n        {BODY}\n"
    assert path.read_bytes().decode() == text.replace("\n", "\r\n")


def test_its_ghost_text_in_the_middle_of_a_line_after_emoji(editor: BuiltIn) -> None:
    lines = "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6))
    editor.open("emoji.py", lines + 'print("😀é", one, t)\n')
    editor.type("G$iw")
    ghost = editor.wait_for_ghost()
    assert ghost.startswith("o")
    editor.type("<Tab>")
    assert editor.until(lambda: editor.line == f'print("😀é", one, tw{ghost})')
