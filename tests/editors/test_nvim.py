"""Neovim with the plugin in `editors/nvim`: the real program, the real server, the real model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editors.nvim import Editor
from tests.editors.settings import isolated, needs_neovim

pytestmark = needs_neovim

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
    # One editor serves several tests: what an earlier one typed must not become context of the next.
    with isolated(folder, "context.max_chars = 0\n"):
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
    running.reset()


def suggested(editor: Editor, keys: str = "Go    def get_delta(self):<CR>", name: str = "a.py") -> str:
    """Open the text, type, and return the ghost text that appears."""
    editor.open(name, TEXT)
    editor.type(keys)
    return editor.wait_for_ghost()


def test_tab_accepts_all_and_each_undo_takes_back_one_thing(editor: Editor) -> None:
    assert suggested(editor) == BODY
    editor.type("<Tab>  # typed on<Esc>")
    editor.until(lambda: editor.mode == "n")
    accepted = ["    def get_delta(self):", *f"        {BODY}".split("\n")]
    assert editor.lines[-3:] == [*accepted[:2], accepted[2] + "  # typed on"]
    assert editor.ghost == ""
    editor.type("u")
    assert editor.until(lambda: editor.lines[-3:] == accepted)
    editor.type("u")
    assert editor.until(lambda: editor.lines[-2:] == ["    def get_delta(self):", "        "])
    editor.type("<C-r>")
    assert editor.until(lambda: editor.lines[-3:] == accepted)


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
    editor.open("emoji.py", "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6)))
    before = 'print("😀é", one, tw'
    editor.type(f"Go{before}")
    assert editor.wait_for_ghost().startswith("o, ")
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


def test_by_words_and_by_lines(editor: Editor) -> None:
    suggested(editor)
    editor.type("<M-Right><M-Right>")
    assert editor.until(lambda: editor.line == '        """Return')
    assert editor.ghost == BODY[len('"""Return') :]
    editor.type("<M-C-Right>")
    assert editor.until(lambda: editor.line == '        """Return delta."""')
    why = editor.until(lambda: (found := editor.command("ai-lsp.why")) and found["acceptedLength"] > 9 and found)
    assert (why["acceptedLength"], why["accepted"]) == (len('"""Return delta."""'), False)
    editor.type("<M-C-Right>")
    assert editor.until(lambda: editor.line == "        return self.delta")
    assert editor.until(lambda: editor.command("ai-lsp.why", why["id"])["accepted"])


def test_paste_is_not_a_key(editor: Editor) -> None:
    suggested(editor)
    editor.nvim.api.paste("x = 1\ny = 2", True, -1)
    editor.until(lambda: editor.line == "y = 2")
    assert not editor.ghost.startswith('"""')


def test_a_word_may_be_finished(editor: Editor) -> None:
    editor.open("a.py", TEXT)
    editor.type("Go    def get_delta(self):<CR>return self.del")
    assert editor.wait_for_ghost().startswith("ta")


def test_within_a_word_it_is_silent(editor: Editor) -> None:
    suggested(editor)
    editor.type("return self.dela<Left>")
    editor.until(lambda: editor.line == "        return self.dela")
    editor.type("t")
    editor.until(lambda: editor.line == "        return self.delta")
    why = editor.until(lambda: (found := editor.command("ai-lsp.why")) and "word" in found["reason"] and found)
    assert (editor.ghost, why["reason"]) == ("", "the cursor is within a word")


def test_before_closing_brackets(editor: Editor) -> None:
    editor.open("a.py", TEXT)
    editor.type("Go    def get_delta(self):<CR>return str(self.delt)<Left>")
    editor.until(lambda: editor.line == "        return str(self.delt)")
    editor.type("<BS>t")
    assert editor.wait_for_ghost() == "a"
    assert editor.screen[14] == "        return str(self.delta)"
    editor.type("<Tab>")
    assert editor.until(lambda: editor.line == "        return str(self.delta)")


def test_tabs(editor: Editor) -> None:
    editor.open("a.go", "package a\n\nfunc f(x int) int {\n\tif x > 0 {\n\t\treturn x\n\t}\n\treturn 0\n}\n")
    editor.type("Gofunc g(x int) int {<CR>if x > 1 {<CR>ret")
    ghost = editor.wait_for_ghost()
    assert ghost.startswith("urn")
    editor.type("<Tab>")
    assert editor.until(lambda: "\t\tret" + ghost.split("\n")[0] in editor.lines)


def test_a_renamed_file(editor: Editor) -> None:
    suggested(editor)
    editor.type("<Esc>")
    editor.nvim.command("saveas! %:h/renamed.py")
    editor.type("S")
    assert editor.wait_for_ghost() == BODY
    editor.type("<Esc>")
    editor.nvim.command("bwipeout!")
    assert suggested(editor, name="again.py") == BODY


def test_two_windows_on_one_buffer(editor: Editor) -> None:
    suggested(editor)
    editor.type("<Esc>")
    editor.nvim.command("split")
    editor.type("S")
    editor.wait_for_ghost()
    editor.type("<Tab><Esc>")
    editor.until(lambda: editor.lines[-1] == "        return self.delta")
    assert len(editor.lines) == 16


def test_why_and_stats_are_for_people(editor: Editor) -> None:
    suggested(editor)
    editor.type("<Tab><Esc>")
    editor.until(lambda: editor.mode == "n")
    editor.nvim.command("AiLsp why")
    report = "\n".join(editor.until(lambda: editor.lines[0].startswith("Request") and editor.lines))
    assert "while typing, shown, accepted" in report and '    """Return delta."""' in report
    editor.type("q")
    editor.nvim.command("AiLsp stats")
    assert editor.until(lambda: "answered with a text" in "\n".join(editor.lines))
    editor.type("q")


def test_a_server_that_is_killed_comes_back(tmp_path: Path) -> None:
    with neovim(tmp_path) as editor:
        suggested(editor)
        first = editor.lua("return vim.lsp.get_clients()[1].id")
        editor.lua("vim.uv.kill(vim.fn.systemlist({'pgrep', '-P', tostring(vim.fn.getpid())})[1] + 0, 'sigkill')")
        editor.until(lambda: editor.lua("return (vim.lsp.get_clients()[1] or {}).id") not in (None, first))
        editor.until(editor.ready)
        assert editor.ghost == ""
        editor.type("x<BS>")
        assert editor.wait_for_ghost() == BODY
        editor.type("<Tab>")
        editor.until(lambda: editor.line == "        return self.delta")


def test_a_server_that_is_gone_for_good(tmp_path: Path) -> None:
    with neovim(tmp_path) as editor:
        suggested(editor)
        editor.lua(
            "vim.lsp.get_clients()[1]:stop(true)" if editor.modern else "vim.lsp.get_clients()[1].stop(true)"
        )
        editor.until(lambda: not editor.lua("return vim.lsp.get_clients()[1] ~= nil"))
        assert editor.ghost == ""
        editor.type("x<Tab>y<Esc>")
        editor.until(lambda: editor.mode == "n")
        assert editor.line == "        x   y"
        assert editor.nvim.vvars["errmsg"] == ""
        editor.nvim.command("AiLsp restart")
        editor.until(editor.ready)
        editor.type("S")
        editor.type("<C-u>        ")
        assert editor.wait_for_ghost() == BODY
