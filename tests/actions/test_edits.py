"""Few and small edits that make one text of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.actions.edits import Change, applied, changes, insertion
from ai_lsp.positions import split_lines

TEXT = "def f():\n    a = 1\n    b = 2\n    return a\n"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("def f():\n    a = 1\n    b = 2\n    return a", []),
        ("def f():\n    a = 1\n    b = 3\n    return a", [Change((2, 8), (2, 9), "3")]),
        ("def f():\n    a = 1\n    return a", [Change((2, 0), (3, 0), "")]),
        ("def f():\n    a = 1\n    x\n    b = 2\n    return a", [Change((2, 0), (2, 0), "    x\n")]),
        ("def f():\n    return 1", [Change((1, 0), (3, 12), "    return 1")]),
        ("", [Change((0, 0), (4, 0), "")]),
    ],
)
def test_golden(new, expected):
    assert changes(split_lines(TEXT), 0, 3, new) == expected


def test_at_the_end_of_a_text_without_a_last_line_end():
    lines = ["a\n", "b"]
    assert "".join(applied(lines, changes(lines, 0, 1, "a"))) == "a"
    assert "".join(applied(lines, changes(lines, 1, 1, "b\nc"))) == "a\nb\nc"
    assert "".join(applied(["b"], changes(["b"], 0, 0, ""))) == ""


def test_lines_that_stay_keep_their_ends():
    lines = split_lines("a\r\nb\nc\r\n")
    made = changes(lines, 0, 2, "a\nB\nnew\nc")
    assert "".join(applied(lines, made, "\r\n")) == "a\r\nB\r\nnew\nc\r\n"


def test_insertion_after_the_last_line():
    assert "".join(applied(["a"], [insertion(["a"], 1, "b")])) == "a\nb"
    assert "".join(applied(["a\n", ""], [insertion(["a\n", ""], 2, "b")])) == "a\nb\n"


pieces = st.lists(st.sampled_from(["a", "b", "  c", "", "dé😀"]), min_size=1, max_size=8)


@given(pieces, pieces, st.integers(0, 7), st.integers(0, 7), st.sampled_from(["\n", "\r\n"]))
def test_applied_changes_are_the_new_text(old, new, one, other, eol):
    first, last = sorted((one % len(old), other % len(old)))
    lines = split_lines(eol.join(old))
    made = changes(lines, first, last, "\n".join(new))
    text = "".join(applied(lines, made, eol)).replace("\r\n", "\n").split("\n")
    written = new if "\n".join(new) else []
    assert text == ([*old[:first], *written, *old[last + 1 :]] or [""])
    assert made == sorted(made, key=lambda change: change.start)
