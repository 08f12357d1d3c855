"""Lines around a cursor."""

import pytest

from ai_lsp.filters.lines import PREFIX_WINDOW, above, before_window, below, says_something, starts, width
from tests.filters.texts import place


def test_width():
    assert [width(line) for line in ("a", "  a", "\ta", " \ta", "")] == [0, 2, 4, 4, 0]


@pytest.mark.parametrize(
    ("line", "says"), [("return x", True), ("});", False), ("0, 0, 0, 0", False), ("#endif", False)]
)
def test_says_something(line, says):
    assert says_something(line) is says


def test_starts():
    assert starts("") == [(0, "")]
    assert starts("ab\n\nc") == [(0, "ab"), (3, ""), (4, "c")]


def test_lines_above_and_below():
    where = place("python", "a\n\nb  \nc = ", "1\n\nd\ne\n")
    assert above(where, 9) == ["a", "b"]
    assert above(where, 1) == ["b"]
    assert below(where, 9) == ["d", "e"]
    assert below(where, 1) == ["d"]


def test_the_window_starts_with_a_line():
    where = place("python", "first line\n" + "a" * (PREFIX_WINDOW - 10) + "\nlast line", "")
    assert before_window(where) == "last line"
    assert above(where, 9) == []
