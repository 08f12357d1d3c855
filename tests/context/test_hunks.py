from collections import Counter

import pytest

from ai_lsp.context.activity.hunks import Edit

RENAMES = [
    (("def total(items):",), ("def sum_of(items):",), {("total", "sum_of"): 1}),
    (("f(a, a)", "kept", "g(a)"), ("f(b, b)", "kept", "g(b)"), {("a", "b"): 3}),
    (("x = old.first",), ("x = new.last",), {("old", "new"): 1, ("first", "last"): 1}),
    (("x = 1",), ("x = 2",), {}),
    (("total = 1",), ("total = price * 3 + offset(4)",), {}),
    (("return total",), ("raise ValueError",), {}),
    (("a",), (), {}),
    (("größe = 1 + x",), ("länge = 1 + x",), {("größe", "länge"): 1}),
]


@pytest.mark.parametrize(("before", "after", "expected"), RENAMES)
def test_names_that_became_others(before: tuple[str, ...], after: tuple[str, ...], expected: dict) -> None:
    assert Edit(before, after).renames == Counter(expected)


def test_a_diff_with_its_surroundings() -> None:
    edit = Edit(("a", "b", "c"), ("a", "x", "y", "c", "d"))
    assert edit.diff(10, 2, above=("0", "1", "2"), below=("3",)) == (
        "@@ -9,6 +9,8 @@\n 1\n 2\n a\n-b\n+x\n+y\n c\n+d\n 3\n"
    )


def test_kept_lines_at_the_ends_are_cut() -> None:
    edit = Edit(("a", "b", "c", "d", "e"), ("a", "b", "x", "d", "e"))
    assert edit.narrowed(0) == (2, Edit(("c",), ("x",)))
    assert edit.narrowed(1) == (1, Edit(("b", "c", "d"), ("b", "x", "d")))
    assert Edit(("a",), ("a",)).narrowed(0) == (0, Edit((), ()))


def test_the_names_of_changed_lines() -> None:
    assert Edit(("kept", "old + x"), ("kept", "new")).names == {"old", "x", "new"}
