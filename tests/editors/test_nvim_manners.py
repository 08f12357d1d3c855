"""How the plugin in `editors/nvim` gets on with all else that goes on in an editor."""

from __future__ import annotations

import pytest

from tests.editors.probed import Probed
from tests.editors.settings import needs_neovim

pytestmark = needs_neovim


def test_macros_are_left_alone(editor: Probed) -> None:
    editor.fresh()
    editor.type("<Esc>qqAone<Tab>x<Esc>q")
    editor.until(lambda: editor.nvim.funcs.reg_recording() == "")
    assert editor.line == "one x"
    editor.type("o<Esc>@q")
    assert editor.until(lambda: editor.lines == ["one x", "one x"])
    asked = editor.sent("textDocument/inlineCompletion")
    assert all(one["position"]["character"] == 0 for one in asked)


def test_snippets_keep_their_tab(editor: Probed) -> None:
    editor.fresh()
    editor.lua('vim.snippet.expand("one $1 and $2 end$0")')
    editor.lua('vim.keymap.set({ "i", "s" }, "<Tab>", function() vim.snippet.jump(1) end, { buffer = 0 })')
    editor.type("one")
    editor.until(lambda: editor.line == "one one and  end")
    assert editor.lua('return require("ai_lsp.quiet").busy()') == "a snippet is being filled in"
    editor.type("<Tab>x")
    assert editor.until(lambda: editor.line == "one one and x end")
    assert editor.ghost == ""


@pytest.mark.parametrize(
    ("module", "opened", "closed"),
    [
        ("cmp", "cmp.event.open()", "cmp.event.close()"),
        ("blink.cmp", "event('BlinkCmpMenuOpen')", "event('BlinkCmpMenuClose')"),
    ],
)
def test_menus_of_plugins(editor: Probed, module: str, opened: str, closed: str) -> None:
    """Stand-ins with the functions and events that nvim-cmp and blink.cmp have."""
    editor.lua(
        """
        open = false
        cmp = { event = {} }
        cmp.visible = function() return open end
        cmp.is_menu_visible = cmp.visible
        function cmp.event:on(name, callback) self[name == "menu_opened" and "open" or "close"] = callback end
        event = function(name) vim.api.nvim_exec_autocmds("User", { pattern = name }) end
        package.loaded[...] = cmp
        """,
        module,
    )
    editor.fresh()
    editor.type("one")
    editor.wait_for_ghost()
    editor.lua(f"open = true; {opened}")
    assert editor.ghost == ""
    editor.type("<BS>e")
    editor.until(lambda: editor.line == "one")
    assert editor.command("ai-lsp.why") and editor.ghost == ""
    editor.lua(f"open = false; {closed}")
    assert editor.wait_for_ghost() == " two three"
    editor.lua("package.loaded[...] = nil", module)


def test_the_menu_closes_and_it_comes_back(editor: Probed) -> None:
    editor.fresh("onerous\nonehalf\n\n")
    editor.type("one")
    editor.wait_for_ghost()
    editor.type("<C-n>")
    editor.until(lambda: editor.nvim.funcs.pumvisible())
    assert editor.ghost == ""
    editor.type("<C-e>")
    assert editor.until(lambda: editor.ghost == " two three")


def test_diagnostics_are_passed_on(editor: Probed) -> None:
    editor.fresh("é = undefined\n")
    editor.lua("""
      vim.diagnostic.set(vim.api.nvim_create_namespace("linter"), 0, {
        { lnum = 0, col = 5, end_col = 14, severity = 1, message = "undefined name", source = "linter",
          code = "F821" },
      })
    """)
    (params,) = editor.until(lambda: editor.sent("ai-lsp/diagnostics"))
    assert params["uri"].endswith("/a.py")
    less = 0 if editor.lua("return vim.lsp.get_clients()[1].offset_encoding") == "utf-8" else 1
    assert params["diagnostics"] == [
        {
            "range": {"start": {"line": 0, "character": 5 - less}, "end": {"line": 0, "character": 14 - less}},
            "severity": 1,
            "message": "undefined name",
            "source": "linter",
            "code": "F821",
        }
    ]
    editor.lua('vim.diagnostic.reset(vim.api.nvim_create_namespace("linter"))')
    assert editor.until(lambda: editor.sent("ai-lsp/diagnostics")[1:])[0]["diagnostics"] == []


def test_entering_a_buffer_is_told(editor: Probed) -> None:
    editor.fresh()
    editor.type("<Esc>")
    editor.open("b.py", "")
    editor.forget()
    editor.nvim.command("buffer a.py")
    assert editor.until(
        lambda: [
            one for one in editor.sent("textDocument/didFocus") if one["textDocument"]["uri"].endswith("/a.py")
        ]
    )


def test_a_renamed_buffer_is_another_document(editor: Probed) -> None:
    editor.fresh("text\n", name="old.py")
    editor.type("<Esc>")
    editor.nvim.command("file new.py")
    assert editor.until(lambda: editor.sent("textDocument/didClose"))[0]["textDocument"]["uri"].endswith("/old.py")
    assert editor.until(
        lambda: any(one["textDocument"]["uri"].endswith("/new.py") for one in editor.sent("textDocument/didOpen"))
    )
    editor.type("oone")
    assert editor.wait_for_ghost() == " two three"


def test_one_server_for_all_files(editor: Probed) -> None:
    editor.fresh(name="a.py")
    editor.type("<Esc>")
    editor.open("b.go", "")
    editor.nvim.command("split c.rs")
    assert editor.lua("return #vim.lsp.get_clients()") == 1


def test_only_the_window_that_is_typed_in(editor: Probed) -> None:
    editor.fresh("text\n")
    editor.type("<Esc>")
    editor.nvim.command("split")
    editor.type("Goone")
    editor.wait_for_ghost()
    both = [line for line in editor.screen if line.startswith("one")]
    only_here = editor.lua("return vim.api.nvim__ns_set ~= nil")
    assert both == (["one two three", "one"] if only_here else ["one two three"] * 2)
    editor.type("<Esc>")
    editor.nvim.command("only")
