from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.context.activity.change import Change, reduced
from ai_lsp.positions import split_lines


def test_a_key_stays_as_it_is() -> None:
    assert reduced(3, 4, "", "x") == Change(3, 4, "", "x")


def test_what_both_texts_begin_and_end_with_goes() -> None:
    assert reduced(3, 4, "total(a)\nb\nend", "total(b)\nb\nend") == Change(3, 10, "a", "b")
    assert reduced(3, 4, "one\ntwo\nthree\n", "one\n2\nthree\n") == Change(4, 0, "two", "2")


def test_a_line_end_is_not_cut_in_two() -> None:
    assert reduced(0, 0, "a\r\nb", "a\rb") == Change(0, 1, "\r\n", "\r")
    assert reduced(0, 0, "a\r\nb", "a\nb") == Change(0, 1, "\r\n", "\n")


def test_equal_texts_are_no_change() -> None:
    change = reduced(0, 0, "a\nb", "a\nb")
    assert (change.removed, change.inserted) == ("", "")


def test_line_ends_are_counted() -> None:
    change = Change(0, 0, "a\r\nb\rc", "\n")
    assert (change.removed_ends, change.inserted_ends) == (2, 1)


TEXT = st.text(alphabet="ab\n\r", max_size=20)


@given(TEXT, TEXT)
def test_the_reduced_change_does_the_same(old: str, new: str) -> None:
    change = reduced(0, 0, old, new)
    at = len("".join(split_lines(old)[: change.line])) + change.column
    assert old[at : at + len(change.removed)] == change.removed
    assert old[:at] + change.inserted + old[at + len(change.removed) :] == new
