"""Which tokens a filtered text is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.filters.tokens import spelling

TOKENS = [("\n", -0.1), ("    ", -0.2), ("for", -0.3), (" x", -0.4), (" in", -0.5), (" x", -0.6), (":", -0.7)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for x in x:", [-0.3, -0.4, -0.5, -0.6, -0.7]),
        ("for x in", [-0.3, -0.4, -0.5]),
        ("\n\tfor  x in x", [-0.3, -0.4, -0.5, -0.6]),
        ("x in x", [-0.4, -0.5, -0.6]),
        ("fo", [-0.3]),
        ("or x", [-0.3, -0.4]),
        ("while y", [-0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.7]),
        ("", []),
    ],
)
def test_spelling(text: str, expected: list[float]) -> None:
    assert [logprob for _, logprob in spelling(TOKENS, text)] == expected


def test_white_space_counts_between_others_only() -> None:
    tokens = [("a", -0.1), ("\n", -0.2), ("\n", -0.3), ("b", -0.4), ("\n", -0.5)]
    assert spelling(tokens, "a\n\nb") == tokens[:4]
    assert spelling(tokens, "b\n") == tokens[3:4]


@given(st.lists(st.text(alphabet="ab \n(", max_size=3)), st.integers(0, 20), st.integers(0, 20))
def test_a_part_is_within_its_tokens(pieces: list[str], start: int, size: int) -> None:
    tokens = [(piece, -float(number)) for number, piece in enumerate(pieces)]
    text = "".join(pieces)[start : start + size]
    found = spelling(tokens, text)
    assert "".join(text.split()) in "".join("".join(piece for piece, _ in found).split())
    assert found == [token for token in tokens if token in found]
