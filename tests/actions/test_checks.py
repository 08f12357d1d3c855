"""What edits must pass."""

from pathlib import Path

import pytest

from ai_lsp.actions.checks import check, copies, restored
from ai_lsp.actions.edits import Change, NewFile, changes
from ai_lsp.actions.forms.form import Result, Unusable
from ai_lsp.licences.match import Match
from tests.actions.subjects import sight, subject

TEXT = "a = 1\n\n\ndef f(x):\n    return x\n\n\nb = 2\n"
SECRET = "AKIA" + "Z7Q4M2X9C5V8B3N6"


def about(text=TEXT, line=3):
    return subject("simplify", sight(text, line))


def checked(*made: Change, **others):
    check(about(), Result(tuple(made), **others), lambda _path: None)


def test_a_good_edit():
    checked(Change((4, 11), (4, 12), "x + 1"))
    checked(Change((5, 0), (5, 0), "    # after\n"))


@pytest.mark.parametrize(
    "change",
    [
        Change((0, 0), (0, 1), "z"),
        Change((4, 0), (7, 1), "z"),
        Change((7, 0), (7, 0), "z\n"),
        Change((8, 0), (8, 0), "z\n"),
    ],
)
def test_only_what_was_asked(change):
    with pytest.raises(Unusable, match="changes more than was asked for"):
        checked(change)


def test_parses_no_worse():
    with pytest.raises(Unusable, match="is no python that can be parsed there"):
        checked(Change((4, 11), (4, 12), "x +"))
    broken = TEXT.replace("b = 2", "b = (")
    check(about(broken), Result((Change((4, 11), (4, 12), "x + 1"),)), lambda _path: None)


def test_a_new_file_is_parsed_by_its_name():
    checked(files=(NewFile("/r/a.md", "# not (python"),))
    with pytest.raises(Unusable, match="is no python"):
        checked(files=(NewFile("/r/a.py", "def f(:\n"),))


def test_another_file_is_parsed_as_it_is():
    made = (("/r/b.py", (Change((1, 0), (1, 0), "y = (\n"),)),)
    with pytest.raises(Unusable):
        check(about(), Result(other=made), lambda path: ["x = 1\n", ""] if path == Path("/r/b.py") else None)


def test_a_language_without_a_grammar_is_not_parsed():
    seen = sight("a (\n", 0, 0, language="plaintext")
    one = subject("simplify", seen)
    check(one, Result(tuple(changes(one.text.lines, 0, 0, "b ("))), lambda _path: None)


def test_secrets():
    with pytest.raises(Unusable, match="looks like a password"):
        checked(Change((4, 11), (4, 12), f'"{SECRET}"'))
    with pytest.raises(Unusable, match="stand-in for a secret"):
        checked(Change((4, 11), (4, 12), '"<secret>"'))


def test_a_secret_that_is_there_may_stay():
    text = f'def f():\n    key = "{SECRET}"\n    return key\n'
    one = about(text, 1)
    answer = 'def f():\n    return "<secret>"\n'
    new = restored(answer, one.original)
    assert new == f'def f():\n    return "{SECRET}"\n'
    check(one, Result(tuple(changes(one.text.lines, 0, 2, new.rstrip()))), lambda _path: None)


def test_stand_ins_that_cannot_be_told_apart():
    text = f'a = "{SECRET}"\nb = "{SECRET[::-1]}"\n'
    with pytest.raises(Unusable, match="cannot be told apart"):
        restored('a = "<secret>"', text + text)
    assert restored("nothing", text) == "nothing"


def test_copied_code():
    match = Match("gpl.py", "gpl", "GPL-3.0", 1, 9, 99)
    result = Result((Change((4, 11), (4, 12), "copied"),))
    assert copies(about(), result, lambda text, _place: match if "copied" in text else None) == match
    assert copies(about(), result, lambda _text, _place: match) is None
    assert copies(about(), result, lambda _text, _place: None) is None
