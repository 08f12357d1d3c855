"""What counts as not taken, and for how long."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.filters.rejections import Rejections, is_repeated
from tests.filters.texts import PIECES, PLACES, place

HERE = place("python", "def f(path):\n    ", "\n")
TEXT = "return path"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def typed(text, start=HERE):
    return place("python", start.prefix + text, start.suffix)


def story(clock, *steps, text=TEXT, seconds=2.0):
    """Show a text, look at it for some seconds, and type."""
    rejections = Rejections(clock)
    rejections.showed(HERE, text)
    clock.now += seconds
    for step in steps:
        rejections.moved(typed(step))
    return rejections


def test_what_was_read_and_typed_past_is_rejected_for_a_minute():
    clock = Clock()
    rejections = story(clock, "x")
    assert rejections.at(HERE) == [TEXT]
    assert rejections.at(typed("x")) == []
    assert rejections.at(replace(HERE, uri="file:///b")) == []
    clock.now += 61
    assert rejections.at(HERE) == []


def test_nobody_reads_as_fast_as_that():
    assert story(Clock(), "x", seconds=0.3).at(HERE) == []


def test_a_text_that_comes_again_while_nothing_is_typed_has_stood_there_all_the_time():
    clock = Clock()
    rejections = story(clock, "", seconds=0.5)
    rejections.showed(HERE, TEXT)
    clock.now += 0.5
    rejections.moved(typed("x"))
    assert rejections.at(HERE) == [TEXT]


def test_what_was_followed_for_a_while_is_not_rejected():
    rejections = story(Clock(), "r", "rx", "r")
    assert rejections.at(typed("r")) == rejections.at(HERE) == []


def test_a_bracket_that_the_editor_closes_agrees_with_one_that_is_suggested():
    assert story(Clock(), "()", text="(path)").at(HERE) == []


def test_the_rest_of_what_is_typed_through_is_no_new_suggestion():
    clock = Clock()
    rejections = story(clock, "r")
    rejections.showed(typed("r"), TEXT[1:])
    clock.now += 2
    rejections.moved(typed("rx"))
    assert rejections.at(typed("r")) == []


def test_what_is_taken_and_stays_is_not_rejected_until_it_is_taken_away():
    rejections = story(Clock(), TEXT, TEXT + "\n")
    assert rejections.at(HERE) == []
    rejections.moved(HERE)
    assert rejections.at(HERE) == [TEXT]


def test_enter_takes_the_place_along():
    rejections = story(Clock(), "\n    ")
    assert rejections.at(typed("\n    ")) == [TEXT]
    assert rejections.at(typed("\n\n    ")) == [TEXT]
    assert rejections.at(typed("\n    x = 1\n    ")) == []


def test_going_elsewhere_is_no_judgement():
    rejections = story(Clock(), seconds=2)
    rejections.moved(place("python", "import os\n", "\n"))
    assert rejections.at(HERE) == []


def test_asking_by_hand_brings_it_back():
    rejections = story(Clock(), "x")
    rejections.forgive(typed("x"))
    assert rejections.at(HERE) == [TEXT]
    rejections.forgive(HERE)
    assert rejections.at(HERE) == []


def test_a_document_that_is_closed_is_forgotten():
    rejections = story(Clock(), "x")
    rejections.forget(HERE.uri)
    assert rejections.at(HERE) == []


@given(text=PIECES, start=PLACES, more=PIECES, uri=st.sampled_from(["file:///a", "file:///b"]))
def test_no_text_makes_it_raise(text, start, more, uri):
    rejections = Rejections(Clock())
    rejections.showed(start, text)
    after = place(start.language, start.prefix + more, start.suffix)
    rejections.moved(replace(after, uri=uri))
    for rejected in rejections.at(start):
        assert is_repeated(rejected, rejected) == bool(rejected.strip())
