"""Texts as they grow, without a model."""

from __future__ import annotations

import pytest

from ai_lsp.engine.generation import Generation


def written(*pieces: bytes) -> Generation:
    generation = Generation()
    for number, piece in enumerate(pieces):
        generation.add(piece, -float(number))
    return generation


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (0, [("urn", 0.0), (" os", -1.0), (".path", -2.0)]),
        (3, [(" os", -1.0), (".path", -2.0)]),
        (4, [("os", -1.0), (".path", -2.0)]),
        (11, []),
    ],
)
def test_the_tokens_of_what_was_not_typed_yet(after: int, expected: list[tuple[str, float]]) -> None:
    assert written(b"urn", b" os", b".path").tokens(after) == expected


def test_tokens_that_are_part_of_a_character() -> None:
    assert written(b"a", b"\xc3", b"\xa9").tokens() == [("a", 0.0), ("", -1.0), ("é", -2.0)]


def test_what_was_cut_off_has_no_tokens() -> None:
    generation = written(b"foo", b"(a)", b"\nbar")
    generation.cut(5, "end of the line")
    assert generation.tokens() == [("foo", 0.0), ("(a", -1.0)]
