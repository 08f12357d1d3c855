"""Actions at places of files, as the terminal has them."""

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import Change, NewFile
from ai_lsp.actions.forms.form import Result
from ai_lsp.actions.subject import Told
from ai_lsp.chat.differences import diff, write
from ai_lsp.chat.places import Spot, spot, subject_at
from tests.actions.subjects import action

TEXT = "def f(a):\n    return a\n\n\nx = 1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.py", Spot("a.py", 0, 0, "")),
        ("a/b.py:3", Spot("a/b.py", 2, 2, "")),
        ("a.py:3-5 make it fast", Spot("a.py", 2, 4, "make it fast")),
        ('"a b.py:3"', Spot("a b.py:3", 0, 0, "")),
        ("a.py:0", Spot("a.py", 0, 0, "")),
        ("a.py:9-2", Spot("a.py", 8, 8, "")),
    ],
)
def test_spot(text, expected):
    assert spot(text) == expected


def test_no_spot():
    with pytest.raises(Refused, match="an action needs a place: FILE"):
        spot("  ")


def test_subjects(tmp_path):
    (tmp_path / "a.py").write_text(TEXT)
    found = subject_at(action("document"), Spot("a.py", 1, 1, ""), tmp_path)
    assert (found.scope, found.first, found.last, found.text.path) == ("definition", 0, 1, "a.py")
    told = subject_at(action("rewrite"), Spot("a.py", 4, 4, "make it 2"), tmp_path)
    assert (told.code, told.instruction.text) == ("x = 1", "make it 2")
    assert subject_at(action("explain"), Spot("a.py", 0, 900, ""), tmp_path).scope == "selection"
    with pytest.raises(Refused, match="there is no definition here"):
        subject_at(action("document"), Spot("a.py", 4, 4, ""), tmp_path)
    with pytest.raises(Refused, match="there is no file"):
        subject_at(action("document"), Spot("b.py", 4, 4, ""), tmp_path)


def test_what_is_wrong_is_told_in_words(tmp_path):
    (tmp_path / "a.py").write_text(TEXT)
    found = subject_at(action("fix"), Spot("a.py", 1, 1, "a is not defined"), tmp_path)
    assert (found.first, found.last, found.diagnostics) == (0, 1, (Told(1, 1, "a is not defined"),))
    with pytest.raises(Refused, match=r"say what is wrong there: /fix a\.py:2 MESSAGE"):
        subject_at(action("fix"), Spot("a.py", 1, 1, ""), tmp_path)


def test_differences_shown_and_written(tmp_path):
    (tmp_path / "a.py").write_text(TEXT)
    (tmp_path / "b.py").write_bytes(b"y = 1\r\n")
    about = subject_at(action("document"), Spot("a.py", 1, 1, ""), tmp_path)
    other = ((str(tmp_path / "b.py"), (Change((1, 0), (1, 0), "z\n"),)),)
    new = (NewFile(str(tmp_path / "t" / "c.py"), "c\n"),)
    result = Result((Change((1, 11), (1, 12), "b"),), new, other=other)
    shown = diff(about, result)
    assert "-    return a\n+    return b\n" in shown and "--- /dev/null" in shown and "+c\n" in shown
    assert len(write(about, result)) == 3
    assert (tmp_path / "a.py").read_text() == TEXT.replace("return a", "return b")
    assert (tmp_path / "b.py").read_bytes() == b"y = 1\r\nz\r\n"
    assert (tmp_path / "t" / "c.py").read_text() == "c\n"
