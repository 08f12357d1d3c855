"""Answers taken as they come."""

import pytest

from ai_lsp.actions.streaming import answered, once, rambles, repeats
from ai_lsp.providers.chat import Message, Wish
from tests.scripted import ScriptedModel

WISH = Wish((Message("user", "x"),), 10)


async def test_all_of_it_piece_by_piece():
    pieces: list[str] = []
    text = "One thing after another, and none twice: " + " ".join(map(str, range(200)))
    assert await answered(ScriptedModel([text]), WISH, pieces.append) == text == "".join(pieces)


async def test_enough_is_enough():
    model = ScriptedModel(["one two three four five"])
    assert await answered(model, WISH, is_over=lambda text: "two" in text) == "one two"
    assert model.closed == 1


async def test_a_model_that_repeats_itself_is_stopped():
    model, pieces = ScriptedModel(["It takes a function. " + "It returns a function that takes one. " * 500]), []
    found = await answered(model, WISH, pieces.append)
    assert len("".join(pieces)) < 400
    assert found.count("returns") == 1 and found.startswith("It takes a function. It returns")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("", 0),
        ("abc" * 3, 0),
        ("a line of text\n" * 4, 0),
        ("=" * 400, 0),
        ("    " * 40, 0),
        ("a line of text\n" * 5, 15),
        ("x" + "0123456789ab" * 5, 12),
    ],
)
def test_repeats(text, period):
    assert repeats(text) == period


def test_once():
    assert once("x" + "0123456789ab" * 5, 12) == "x0123456789ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It returns the first of all items. Yes. It returns the first of all items.", False),
        ("It returns the first of all items. " * 2 + "Well. " + "It returns the first of all items.", True),
        ("It returns the first of all items.\n\n- Well.\n\n" * 3 + "It returns the first of all items.", True),
        ("It returns the first of all items. " * 3 + "And", False),
        ("Yes. " * 9, False),
        ("", False),
    ],
)
def test_prose_that_says_the_same_again_and_again(text, expected):
    assert rambles(text) == expected
