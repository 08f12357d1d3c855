"""One block of ours in somebody else's file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.setup import block

lines = st.lists(st.text(st.characters(exclude_categories=["C"]), max_size=8), max_size=5).map(
    lambda parts: "".join(f"{part}\n" for part in parts)
)


@given(lines, st.text(st.characters(exclude_categories=["C"]), min_size=1))
def test_what_was_put_in_can_be_taken_out(text: str, ours: str) -> None:
    assert block.take_out(block.put(text, ours, "#"), "#") == text


@given(lines, st.text(), st.text())
def test_putting_it_in_again_replaces_it(text: str, first: str, second: str) -> None:
    assert block.put(block.put(text, first, "#"), second, "#") == block.put(text, second, "#")


def test_what_was_written_after_it_stays() -> None:
    text = block.put("a\n", "ours", ";;") + "b\n"
    assert block.put(text, "new", ";;") == block.put("a\n", "new", ";;") + "b\n"
    assert block.take_out(text, ";;") == "a\nb\n"
    assert block.without(text, ";;") == "a\n\nb\n"


@pytest.mark.parametrize("text", ["", "a\n", "a", f"# {block.BEGIN}\nno end\n"])
def test_nothing_to_take_out(text: str) -> None:
    assert block.take_out(text, "#") == text


def test_a_last_line_without_an_end_gets_one() -> None:
    assert block.put("a", "ours", "#").startswith("a\n\n# >>> ai-lsp")


def test_diff() -> None:
    assert block.diff("a\n", "a\nb\n", "f").splitlines() == ["--- f", "+++ f", "@@ -1 +1,2 @@", " a", "+b"]
    assert block.diff("a\n", "a\n", "f") == ""
