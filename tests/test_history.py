"""Outcomes, and what they say of the next suggestion."""

from __future__ import annotations

from ai_lsp.completion.trace import TYPED_THROUGH, Trace
from ai_lsp.history import History

NOW = 1000.0


class Person:
    """Somebody who gets suggestions at times that the test says."""

    def __init__(self) -> None:
        self.now = NOW
        self.history = History(lambda: self.now)
        self.count = 0

    def sees(self, text: str = "a", *, seconds: float = 1.0, reason: str = "end", manual: bool = False) -> None:
        """Get a suggestion and look at it for so long."""
        self.count += 1
        self.history.add(Trace(self.count, "file:///a", 1, "python", manual, text=text, reason=reason))
        self.now += seconds

    def accepts(self) -> None:
        outcome = self.history.get()
        assert outcome is not None
        outcome.accepted = True

    @property
    def streaks(self) -> tuple[int, int]:
        return self.history.streaks(self.now)


def test_nothing_happened() -> None:
    assert Person().streaks == (0, 0)


def test_what_was_seen_and_not_taken() -> None:
    person = Person()
    for _ in range(3):
        person.sees()
    assert person.streaks == (0, 2)  # the latest may still be taken
    person.sees("", seconds=0)
    assert person.streaks == (0, 3)


def test_an_accept_begins_anew() -> None:
    person = Person()
    for _ in range(4):
        person.sees()
    person.accepts()
    assert person.streaks == (1, 0)
    person.sees()
    person.accepts()
    assert person.streaks == (2, 0)
    person.sees()
    person.sees()
    assert person.streaks == (0, 1)


def test_a_part_that_was_accepted_counts() -> None:
    person = Person()
    person.sees()
    outcome = person.history.get()
    assert outcome is not None
    outcome.accepted_length = 3
    assert person.streaks == (1, 0)


def test_what_flashed_by_was_not_seen() -> None:
    person = Person()
    for _ in range(9):
        person.sees(seconds=0.2)
    assert person.streaks == (0, 0)


def test_what_is_typed_through_is_one_suggestion() -> None:
    person = Person()
    person.sees("abc")
    person.sees("bc", reason=TYPED_THROUGH)
    person.sees("c", reason=TYPED_THROUGH)
    person.sees("")
    assert person.streaks == (0, 1)


def test_what_was_asked_for_by_hand_does_not_count() -> None:
    person = Person()
    for _ in range(3):
        person.sees(manual=True)
    person.sees("")
    assert person.streaks == (0, 0)


def test_it_is_forgotten_after_a_minute() -> None:
    person = Person()
    for _ in range(4):
        person.sees()
    assert person.history.streaks(person.now + 50) == (0, 3)
    assert person.history.streaks(person.now + 100) == (0, 0)


def test_a_client_that_says_what_it_showed() -> None:
    person = Person()
    person.sees(seconds=0.1)
    person.history.show({"item": {"command": {"arguments": [1]}}})
    person.sees(seconds=5)
    person.sees("")
    assert person.streaks == (0, 1)


def test_a_text_that_was_ours() -> None:
    person = Person()
    person.sees("os.path.join(\n    a,\n)")
    assert person.history.is_ours("file:///a", "os.path.join(\n    a,\n)")
    assert person.history.is_ours("file:///a", "os.path.join(")
    assert person.history.is_ours("file:///a", "xyz = os.path.join(\n    a,\n)")
    assert not person.history.is_ours("file:///a", "something else")
    assert not person.history.is_ours("file:///b", "os.path.join(")
