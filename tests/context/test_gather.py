from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from ai_lsp.context.gather import Gatherer, choose
from ai_lsp.context.lane import Lane
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from tests.fakes import place


class Fixed:
    """A source that answers when it is told to, or at once."""

    def __init__(self, name: str, *snippets: Snippet, after: asyncio.Event | None = None) -> None:
        self.name = name
        self.snippets: Sequence[Snippet] = snippets
        self.after = after

    async def find(self, _query: Query) -> Sequence[Snippet]:
        if self.after is not None:
            await self.after.wait()
        return self.snippets


class Broken:
    name = "broken"

    async def find(self, _query: Query) -> Sequence[Snippet]:
        raise ValueError("no")


class Computing:
    """A source that computes off the event loop, and says when it begins and ends."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self._log = log

    async def find(self, query: Query) -> Sequence[Snippet]:
        found: Sequence[Snippet] = await query.in_thread(self._find)
        return found

    def _find(self) -> Sequence[Snippet]:
        self._log.append(f"{self.name} begins")
        sum(range(100_000))
        self._log.append(f"{self.name} ends")
        return [snippet(f"{self.name}()\n", source=self.name)]


def snippet(text: str, score: float = 0.5, source: str = "similar", path: str = "b.py") -> Snippet:
    return Snippet(source, path, text, score)


def query(prefix: str = "x = 1\n") -> Query:
    return Query(place(prefix), Document("file:///a.py", prefix))


async def gather(
    gatherer: Gatherer, seconds: float = 1.0, chars: int = 1000, off: Sequence[str] = ()
) -> list[str]:
    found = await gatherer.gather(query(), seconds=seconds, max_chars=chars, off=off)
    return [one.text for one in found.snippets]


async def test_all_sources_are_asked_and_the_best_snippet_comes_last() -> None:
    gatherer = Gatherer(
        [Fixed("similar", snippet("good()\n", 0.9)), Fixed("scope", snippet("fair()\n", 0.4, "scope"))]
    )
    assert await gather(gatherer) == ["fair()\n", "good()\n"]


async def test_a_source_that_is_off_is_not_asked() -> None:
    gatherer = Gatherer([Fixed("similar", snippet("good()\n")), Fixed("scope", snippet("fair()\n", 0.4, "scope"))])
    assert await gather(gatherer, off=["similar"]) == ["fair()\n"]


async def test_sources_compute_one_after_another() -> None:
    log: list[str] = []
    gatherer = Gatherer([Computing(name, log) for name in ("similar", "scope", "definitions")])
    await gather(gatherer)
    assert log == [f"{name} {what}" for name in ("similar", "scope", "definitions") for what in ("begins", "ends")]


async def test_a_turn_that_never_ends_holds_up_no_later_one() -> None:
    lane, ended = Lane(), threading.Event()
    stuck = asyncio.create_task(lane.run(ended.wait))
    waiting = asyncio.create_task(lane.run(lambda: "in its turn"))
    for _ in range(2):  # each makes way for the loop once
        await asyncio.sleep(0)
    lane.leave()
    assert await lane.run(lambda: "next") == "next"
    assert not stuck.done() and not waiting.done()
    ended.set()
    assert (await stuck, await waiting) == (True, "in its turn")


async def test_what_the_loop_has_to_do_goes_before_a_turn() -> None:
    order: list[str] = []

    async def on_the_loop() -> None:
        order.append("loop")

    await asyncio.gather(Lane().run(order.append, "turn"), on_the_loop())
    assert order == ["loop", "turn"]


async def test_a_broken_source_stops_no_other() -> None:
    assert await gather(Gatherer([Broken(), Fixed("similar", snippet("good()\n"))])) == ["good()\n"]


async def test_what_is_late_is_used_the_next_time() -> None:
    ready = asyncio.Event()
    late = Fixed("similar", snippet("late()\n"), after=ready)
    gatherer = Gatherer([late])
    first = await gatherer.gather(query(), seconds=0, max_chars=1000)
    assert (first.snippets, first.late) == ((), ("similar",))
    ready.set()
    for _ in range(5):
        await asyncio.sleep(0)
    late.after = asyncio.Event()
    second = await gatherer.gather(query(), seconds=0, max_chars=1000)
    assert [one.text for one in second.snippets] == ["late()\n"]
    gatherer.forget("file:///a.py")
    third = await gatherer.gather(query(), seconds=0, max_chars=1000)
    assert third.snippets == ()


async def test_secrets_are_replaced_in_what_is_chosen() -> None:
    gatherer = Gatherer(
        [Fixed("similar", snippet("key = 'abc'\n"))], redact=lambda text: text.replace("abc", "***")
    )
    assert await gather(gatherer) == ["key = '***'\n"]


async def test_no_room_asks_nobody() -> None:
    assert await gather(Gatherer([Broken()]), chars=0) == []


def test_the_most_gain_for_a_character_fits_first() -> None:
    long, short = snippet("long_line()\n" * 20, 0.6), snippet("short()\n", 0.5)
    assert choose([long, short], place(""), 120) == (short,)
    assert choose([long, short], place(""), 1000) == (short, long)


def test_what_the_window_shows_is_left_out() -> None:
    shown = place("def f(x):\n    return x\n", "\nprint(f(1))\n")
    assert choose([snippet("    return x\nprint(f(1))\n"), snippet("other(2)\n")], shown, 500) == (
        snippet("other(2)\n"),
    )


def test_of_two_that_say_the_same_the_better_one_stays() -> None:
    better, same = snippet("a_line()\nb_line()\n", 0.9), snippet("b_line()\na_line()\n", 0.8)
    assert choose([same, better], place(""), 500) == (better,)


def test_what_is_hardly_worth_anything_is_left_out() -> None:
    assert choose([snippet("a_line()\n", 0.01), snippet("\n", 1.0)], place(""), 500) == ()
