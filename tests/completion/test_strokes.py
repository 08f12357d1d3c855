"""What a person has just done, told from the edits of a real document."""

from __future__ import annotations

from lsprotocol import types

from ai_lsp.completion.strokes import Stroke, Strokes
from ai_lsp.documents import Document

LONG = "a line that is certainly longer than forty characters"


class Editor:
    """A document whose edits come in messages, at times that the test says."""

    def __init__(self, text: str = "one\ntwo\nthree\n") -> None:
        self.document = Document("file:///a.py", text, language_id="python")
        self.strokes = Strokes()
        self.strokes.follow(self.document)
        self.now = 0.0

    def message(self, *edits: tuple[int, int, int, str], after: float = 0.15) -> Stroke:
        """Send edits of (line, column, characters to remove, text); returns what they were."""
        self.now += after
        for line, column, removed, text in edits:
            end = types.Position(line, column + removed)
            span = types.Range(types.Position(line, column), end)
            self.document.apply_change(types.TextDocumentContentChangePartial(span, text))
        self.strokes.note(self.document, self.now)
        stroke = self.strokes.latest(self.document, self.now)
        assert stroke is not None
        return stroke

    def type(self, text: str, line: int = 0, column: int = 0) -> Stroke:
        for at, character in enumerate(text):
            stroke = self.message((line, column + at, 0, character))
        return stroke


def test_keys() -> None:
    stroke = Editor().type("ab")
    assert (stroke.kind, stroke.end, stroke.cursors, stroke.inserted) == ("typed", (0, 2), 1, "b")
    assert stroke.gap is not None
    assert round(stroke.gap, 3) == 0.15


def test_what_an_editor_puts_in_for_one_key() -> None:
    assert Editor().message((0, 3, 0, "()")).kind == "typed"
    assert Editor().message((0, 3, 0, "\n        ")).kind == "typed"
    assert Editor().message((0, 0, 3, "one_of_the_items")).kind == "typed"


def test_a_deletion() -> None:
    editor = Editor()
    assert editor.message((0, 2, 1, "")).kind == "deleted"
    assert editor.message((1, 0, 3, "")).kind == "deleted"


def test_what_was_typed_is_taken_away_at_once() -> None:
    editor = Editor()
    editor.type("value")
    assert editor.message((0, 0, 5, "")).kind == "undone"


def test_an_edit_that_is_turned_round() -> None:
    editor = Editor()
    assert editor.message((0, 0, 3, "four")).kind == "typed"
    assert editor.message((0, 0, 4, "one")).kind == "undone"
    editor = Editor()
    assert editor.message((0, 0, 3, "")).kind == "deleted"
    assert editor.message((0, 0, 0, "one")).kind == "undone"


def test_a_paste() -> None:
    assert Editor().message((0, 0, 0, LONG)).kind == "pasted"
    assert Editor().message((0, 0, 0, "a\nb\nc")).kind == "pasted"


def test_a_macro_is_faster_than_anyone() -> None:
    editor = Editor()
    kinds = [editor.message((0, at, 0, "x"), after=0.005).kind for at in range(5)]
    assert kinds == ["typed", "typed", "typed", "macro", "macro"]
    assert editor.message((0, 5, 0, "x")).kind == "typed"


def test_several_cursors() -> None:
    editor = Editor()
    stroke = editor.message((2, 0, 0, "x"), (1, 0, 0, "x"), (0, 0, 0, "x"))
    assert (stroke.kind, stroke.cursors) == ("typed", 3)


def test_keys_that_are_told_of_together_are_one_cursor() -> None:
    stroke = Editor().message((0, 0, 0, "x"), (0, 1, 0, "x"), (0, 2, 0, "x"))
    assert (stroke.kind, stroke.cursors) == ("typed", 1)
    stroke = Editor().message((0, 2, 1, ""), (0, 1, 1, ""))
    assert (stroke.kind, stroke.cursors) == ("deleted", 1)


def test_what_a_formatter_does() -> None:
    stroke = Editor().message((2, 0, 0, "    "), (0, 0, 3, "1"))
    assert (stroke.kind, stroke.cursors) == ("replaced", 1)


def test_a_whole_new_text() -> None:
    editor = Editor()
    editor.document.apply_change(types.TextDocumentContentChangeWholeDocument("new"))
    editor.strokes.note(editor.document, 1.0)
    stroke = editor.strokes.latest(editor.document, 1.0)
    assert stroke is not None
    assert stroke.kind == "replaced"


def test_it_says_nothing_of_a_moment_long_after() -> None:
    editor = Editor()
    editor.type("a")
    assert editor.strokes.latest(editor.document, editor.now + 4.9) is not None
    assert editor.strokes.latest(editor.document, editor.now + 5.1) is None


def test_a_document_that_nobody_edited() -> None:
    editor = Editor()
    editor.strokes.note(editor.document, 1.0)
    assert editor.strokes.latest(editor.document, 1.0) is None
    assert Strokes().latest(editor.document, 1.0) is None
