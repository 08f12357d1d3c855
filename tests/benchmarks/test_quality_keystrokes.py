"""The person who types, and a sitting with a client that is a fake."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from benchmarks.latency.corpus import File
from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import Event
from benchmarks.quality.cases import Case
from benchmarks.quality.keystrokes import session, tables
from benchmarks.quality.keystrokes.person import Look, Person, Tally, keys
from benchmarks.quality.keystrokes.sitting import Plan, sit
from benchmarks.quality.visits import Visit


def person(rest: str) -> Person:
    return Person(random.Random(1), rest)


def test_enter_indents() -> None:
    assert keys("ab\n\n    c") == ["a", "b", "\n\n    ", "c"]


def test_a_key_takes_from_what_is_left() -> None:
    one = person("a\n  b")
    assert [one.key(), one.key(), one.key(), one.rest] == ["a", "\n  ", "b", ""]


def test_gaps_are_a_persons() -> None:
    one = person("abc")
    gaps = sorted(one.gap() for _ in range(500))
    assert 0.1 < gaps[250] < 0.2


@pytest.mark.parametrize(
    ("rest", "suggestion", "accepted", "wrong"),
    [
        ("value + 1", "value + 1", "value + 1", False),
        ("value + 1\nnext", "value + 1", "value + 1", False),
        ("value + 1\nnext", "value + 1\nother()", "value + 1", False),
        ("\n    value + 1\nnext", "\n    value + 1\n    other()", "\n    value + 1", False),
        ("value + 1", "value + 2", "", True),
        ("value_one", "value", "", False),  # the first word is wrong at a glance
        ("value + 12", "value + 1", "", True),
        ("value + 1", "other + 1", "", False),
        ("value", " ", "", False),
        (")", ")", "", False),  # saves no key
    ],
)
def test_what_a_person_does_about_a_suggestion(rest: str, suggestion: str, accepted: str, wrong: bool) -> None:
    one = person(rest)
    look = one.look(suggestion)
    assert (look.accepted, look.wrong) == (accepted, wrong)
    assert one.rest == rest[len(accepted) :]


def test_reading_takes_time_and_a_glance_does_not() -> None:
    assert person("ab + c").look("ab + c").seconds == pytest.approx(0.2 + 0.03 * 6)
    assert person("ab + c").look("ab" + " + d" * 100).seconds == 1.5
    assert person("ab + c").look("xy") == Look()


def test_a_suggestion_that_was_read_is_not_read_again_while_it_is_typed_through() -> None:
    one = person("ab.cd(e)")
    assert one.look("ab.cd(x)").wrong
    for left in ("b.cd(x)", ".cd(x)", "cd(x)", "d(x)"):
        one.key()
        assert one.look(left) == Look()
    one.key()
    assert one.look("(e)").accepted == "(e)"


def test_a_tally() -> None:
    one = Tally(plain=10, typed=4, accepts=1, wrong=1)
    assert (one.used, one.saved) == (6, 0.4)
    one.add(Tally(plain=10, typed=10, wrong=4))
    assert (one.plain, one.used, one.saved) == (20, 20, 0.0)
    assert Tally().saved == 0.0


class Fake:
    """Suggests what `answers` has for the text that was typed so far, or never answers."""

    name = "fake"

    def __init__(self, answers: dict[str, str], *, never: bool = False) -> None:
        self.answers = answers
        self.never = never
        self.typed: dict[int, str] = {}
        self.seen: list[str] = []
        self._given_up = asyncio.Event()

    async def start(self, files: list[File]) -> None: ...

    def leave(self, event: Event) -> None:
        self.seen.append(f"to {event.file}")

    async def answer(self, event: Event) -> Answer:
        self.typed[event.file] = self.typed.get(event.file, "") + event.text
        if self.never:
            await self._given_up.wait()
            return Answer(event.kind, event.file, 1.0)
        return Answer(event.kind, event.file, 1.0, self.answers.get(self.typed[event.file], ""))

    async def rest(self) -> None:
        self._given_up.set()
        self._given_up = asyncio.Event()

    async def stop(self) -> None: ...


CASE = Case("p", "a.py", "python", "block", "def f():\n    ", "\n", "one(two)\n    return two")


async def test_a_sitting_counts_keys_accepts_and_wrong_ones() -> None:
    fake = Fake({"o": "ne(two)", "one(two)\n    ": "return one"})
    visits = [Visit("b.py", "python", "x\ny\n", 1)]
    found = await sit(fake, Plan(visits, [CASE]), seed=1, speed=100)
    assert fake.seen == ["to 0", "to 1"]
    assert fake.typed[1] == CASE.expected
    tally = found[CASE.id]
    assert tally.plain == len("one(two)") + 1 + len("return two")
    assert (tally.typed, tally.accepts, tally.wrong, tally.shown) == (1 + 1 + 10, 1, 1, 2)


async def test_what_comes_too_late_is_not_shown() -> None:
    found = await sit(Fake({"o": "ne(two)"}, never=True), Plan([], [CASE]), seed=1, speed=100)
    tally = found[CASE.id]
    assert (tally.typed, tally.shown, tally.saved) == (tally.plain, 0, 0.0)


def test_the_total_is_over_all_keys() -> None:
    tallies = {"a": Tally(plain=90, typed=90), "b": Tally(plain=10, typed=0, accepts=1)}
    assert tables.total(tallies).saved == pytest.approx(0.09)


def test_every_client_of_a_session_can_be_made(tmp_path: Path) -> None:
    made = {name: make(tmp_path) for name, make in session._clients("smollm2-135m", 1).items()}
    assert [made[name].name for name in ("ai-lsp", "without context")] == ["ai-lsp", "without context"]
