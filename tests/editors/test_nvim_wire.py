"""What the plugin in `editors/nvim` draws and sends, with a server whose answers are known beforehand."""

from __future__ import annotations

from tests.editors.probed import Probed
from tests.editors.settings import needs_neovim

pytestmark = needs_neovim


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
        for typed, key in enumerate(" two t", 1):
            editor.type(key)
            editor.until(lambda left=" two three"[typed:]: editor.ghost == left)  # or keys share a frame
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
