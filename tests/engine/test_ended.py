"""Text that comes in pieces and ends before certain texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.engine.ended import EndedText


def test_a_character_in_two_pieces():
    text = EndedText()
    assert [text.add(piece) for piece in ("é".encode()[:1], "é".encode()[1:], b"!")] == ["", "é", "!"]


def test_the_end_may_come_in_pieces():
    text = EndedText(["```"])
    assert [text.add(piece) for piece in (b"a`", b"`b", b"``", b"`c")] == ["a", "``b", "", ""]
    assert text.ended
    assert text.rest() == ""


def test_what_was_held_back_is_given_when_nothing_follows():
    text = EndedText(["END"])
    assert text.add(b"so EN") == "so "
    assert text.rest() == "EN"


def test_half_a_character_at_the_end():
    text = EndedText()
    assert text.add("é".encode()[:1]) + text.rest() == "�"


@pytest.mark.parametrize("ends", [[], [""]])
def test_no_ends(ends):
    assert EndedText(ends).add(b"abc") == "abc"


@given(st.text(alphabet="ab`\n", max_size=40), st.lists(st.integers(1, 4), max_size=40))
def test_cut_anyhow_it_gives_the_text_before_the_first_end(whole, sizes):
    ends = ["``", "\n\n"]
    text, given_away, rest = EndedText(ends), "", whole
    for size in [*sizes, len(whole)]:
        given_away += text.add(rest[:size].encode())
        rest = rest[size:]
    cut = min([at for end in ends if (at := whole.find(end)) >= 0], default=len(whole))
    assert given_away + text.rest() == whole[:cut]
