"""What the plugin in `editors/nvim` draws and sends, with a server whose answers are known beforehand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editors.nvim import Editor
from tests.editors.settings import isolated, needs_neovim

pytestmark = needs_neovim

PROBE = Path(__file__).with_name("probe.py")
ANSWERS = {
    "one": [" two three"],
    "call(": ["first,\n    second,\n    third"],
    "emoji😀": [" é😀: end"],
    "pick": ["_a", "_b", "_c"],
    "\tif x:": ["\tgo"],
    "slow": ["ly"],
    "quick": ["er"],
    "f(": ["x)"],
    "begin": [" {\n    middle\n}"],
}


class Probed(Editor):
    """An editor whose server is the probe."""

    def __init__(self, folder: Path, **options: Any) -> None:
        (folder / "answers.json").write_text(json.dumps(ANSWERS))
        self._log = folder / "log.jsonl"
        self.go = folder / "go"
        super().__init__(folder, cmd=[sys.executable, str(PROBE), str(folder)], **options)

    def ready(self) -> bool:
        return bool(self.lua('return require("ai_lsp.client").of(0) ~= nil'))

    def sent(self, method: str) -> list[Any]:
        """The parameters of all messages of a method so far."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        messages = [json.loads(line) for line in lines]
        return [message.get("params") for message in messages if message.get("method") == method]

    def fresh(self, text: str = "", name: str = "a.py") -> None:
        """A new file, in insert mode at its end."""
        self.open(name, text)
        self.forget()
        self.type("GA")

    def forget(self) -> None:
        self._log.write_text("")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probed]:
    folder = tmp_path_factory.mktemp("probe")
    with isolated(folder):
        editor = Probed(folder)
    yield editor
    editor.close()


@pytest.fixture
def editor(running: Probed) -> Iterator[Probed]:
    yield running
    running.go.touch()
    running.reset()
    running.go.unlink()


def test_typing_through_needs_no_new_request(editor: Probed) -> None:
    editor.fresh()
    editor.type("one")
    assert editor.wait_for_ghost() == " two three"
    asked = len(editor.sent("textDocument/inlineCompletion"))
    for key in " two":
        editor.type(key)
    assert editor.until(lambda: editor.ghost == " three")
    editor.type("<BS><BS>")
    assert editor.until(lambda: editor.ghost == "wo three")
    assert len(editor.sent("textDocument/inlineCompletion")) == asked
    editor.type("x")
    assert editor.until(lambda: editor.ghost == "")
    assert editor.until(lambda: len(editor.sent("textDocument/inlineCompletion")) == asked + 1)


def test_every_frame_has_it_while_it_is_typed(editor: Probed) -> None:
    editor.fresh()
    editor.type("one")
    editor.wait_for_ghost()
    with editor.frames() as frames:
        for key in " two t":
            editor.type(key)
        editor.until(lambda: editor.ghost == "hree")
    assert len(frames) >= 6
    assert {frame[0] for frame in frames} == {"one two three"}


def test_enter_and_indentation_are_typed_through(editor: Probed) -> None:
    editor.fresh()
    editor.type("begin")
    editor.wait_for_ghost()
    editor.nvim.command("setlocal indentexpr= autoindent")
    editor.type(" {<CR>    ")
    assert editor.until(lambda: editor.ghost == "middle\n}")


def test_the_rest_of_the_line_comes_after_the_last_line(editor: Probed) -> None:
    editor.fresh("call()")
    editor.type("<Left>")
    editor.type("<C-g>u x<BS><BS>")
    editor.wait_for_ghost()
    assert editor.screen[:3] == ["call(first,", "    second,", "    third)"]
    editor.type("<Tab>")
    assert editor.until(lambda: editor.lines == ["call(first,", "    second,", "    third)"])
    assert editor.screen[:3] == editor.lines


def test_tabs_are_drawn_where_they_will_stand(editor: Probed) -> None:
    editor.nvim.command("set tabstop=8")
    editor.fresh(name="a.go")
    editor.nvim.command("setlocal noexpandtab noautoindent indentexpr=")
    editor.type("<C-v><Tab>if x:")
    assert editor.until(lambda: editor.line == "\tif x:")
    editor.lua("""
      local answer = { insertText = "\\tgo\\n\\tend" }
      require("ai_lsp.ghost").draw({ buf = 0, anchor = { after = "" }, items = {} }, { "\\tgo", "\\tend" }, 0, 6)
    """)
    assert editor.screen[:2] == ["        if x:   go", "        end"]


def test_what_is_hidden_below_the_window_is_counted(editor: Probed) -> None:
    editor.fresh("\n" * 50)
    editor.type("begin")
    editor.wait_for_ghost()
    assert next(line for line in editor.screen if "begin" in line) == "begin { ↓2"


def test_words_and_lines_are_told_in_utf_16(editor: Probed) -> None:
    editor.fresh()
    editor.type("emoji😀")
    editor.wait_for_ghost()
    for line, length in (("emoji😀 é😀", 4), ("emoji😀 é😀:", 5)):
        editor.type("<M-Right>")
        editor.until(lambda line=line: editor.line == line)
        told = editor.until(
            lambda length=length: editor.sent("textDocument/didPartiallyAcceptCompletion")[length - 4 :]
        )
        assert told[0]["acceptedLength"] == length
    assert editor.sent("workspace/executeCommand") == []
    editor.type("<M-Right>")
    assert editor.until(lambda: editor.line == "emoji😀 é😀: end")
    assert editor.until(lambda: editor.sent("workspace/executeCommand"))[0]["command"] == "probe.accepted"


def test_each_line_of_it(editor: Probed) -> None:
    editor.fresh()
    editor.type("begin")
    editor.wait_for_ghost()
    editor.type("<M-C-Right>")
    assert editor.until(lambda: editor.lines == ["begin {"])
    assert editor.until(lambda: editor.ghost == "\n    middle\n}")
    editor.type("<M-C-Right>")
    assert editor.until(lambda: editor.lines == ["begin {", "    middle"])
    editor.type("<M-C-Right>")
    assert editor.until(lambda: editor.lines == ["begin {", "    middle", "}"])
    editor.type("<Esc>uuu")
    assert editor.until(lambda: editor.lines == ["begin"])


def test_alternatives(editor: Probed) -> None:
    editor.fresh()
    editor.type("pick")
    assert editor.wait_for_ghost() == "_a"
    editor.type("<M-]>")
    assert editor.until(lambda: editor.ghost == "_b")
    assert editor.screen[0] == "pick_b (2/3)"
    assert editor.sent("textDocument/inlineCompletion")[-1]["context"]["triggerKind"] == 1
    asked = len(editor.sent("textDocument/inlineCompletion"))
    editor.type("<M-[>")
    editor.until(lambda: editor.ghost == "_a")
    editor.type("<M-[>")
    editor.until(lambda: editor.ghost == "_c")
    shown = editor.until(
        lambda: editor.sent("textDocument/didShowCompletion")[3:] and editor.sent("textDocument/didShowCompletion")
    )
    assert [one["item"]["insertText"] for one in shown] == ["_a", "_b", "_a", "_c"]
    assert len(editor.sent("textDocument/inlineCompletion")) == asked
    editor.type("<Tab>")
    assert editor.until(lambda: editor.line == "pick_c")
    assert editor.until(lambda: editor.sent("workspace/executeCommand"))[-1]["arguments"] == [2]


def test_dismissed_until_something_is_typed(editor: Probed) -> None:
    editor.fresh()
    editor.type("one")
    editor.wait_for_ghost()
    editor.type("<C-]>")
    assert editor.until(lambda: editor.ghost == "")
    asked = len(editor.sent("textDocument/inlineCompletion"))
    editor.type("<Left><Right>")
    editor.until(lambda: editor.nvim.funcs.col(".") == 4)
    assert (editor.ghost, len(editor.sent("textDocument/inlineCompletion"))) == ("", asked)
    editor.type("x<BS>")
    assert editor.wait_for_ghost() == " two three"


def test_a_late_answer_is_not_shown(editor: Probed) -> None:
    editor.fresh()
    editor.type("slow")
    editor.until(lambda: editor.sent("textDocument/inlineCompletion"))
    editor.type("<C-u>quick")
    assert editor.until(lambda: editor.ghost) == "er"
    editor.go.touch()
    editor.until(lambda: len(editor.sent("$/cancelRequest")) > 0)
    assert editor.command("ai-lsp.why") and editor.ghost == "er"
    editor.go.unlink()


def test_by_hand_and_nothing_comes(editor: Probed) -> None:
    editor.fresh()
    editor.type("zzz<M-Bslash>")
    assert editor.until(lambda: editor.screen[0] == "zzz ai-lsp: nothing: there is no answer for this line")
    editor.type("z")
    assert editor.until(lambda: editor.screen[0] == "zzzz")


def test_by_hand_where_it_is_switched_off(editor: Probed) -> None:
    editor.fresh()
    editor.type("<Esc>")
    editor.nvim.command("AiLsp disable")
    editor.type("Aone")
    editor.until(lambda: editor.line == "one")
    assert editor.lua('return require("ai_lsp").status()') == "AI off"
    editor.type("<M-Bslash>")
    assert editor.wait_for_ghost() == " two three"
    editor.type("<Esc>")
    editor.nvim.command("AiLsp toggle")
    editor.type("A<BS>e")
    assert editor.wait_for_ghost() == " two three"


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
