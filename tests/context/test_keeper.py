from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from ai_lsp.completion.place import Place
from ai_lsp.context.gather import Gathered, Gatherer
from ai_lsp.context.keeper import ContextKeeper, ContextRules
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from tests.fakes import place

LINES = "".join(f"value_{n} = {n}\n" for n in range(400))
RULES = ContextRules(max_chars=1000, hot_seconds=1.0)


class Source:
    name = "similar"

    def __init__(self, *snippets: Snippet) -> None:
        self.snippets: Sequence[Snippet] = snippets
        self.asked = 0

    async def find(self, _query: Query) -> Sequence[Snippet]:
        self.asked += 1
        await asyncio.sleep(0)
        return self.snippets


def snippet(text: str, score: float = 0.5) -> Snippet:
    return Snippet("similar", "b.py", text, score)


def query(at: Place) -> Query:
    return Query(at, Document(at.uri, at.prefix))


def texts(gathered: Gathered | None) -> list[str]:
    return [one.text for one in gathered.snippets] if gathered is not None else []


def window(first: int, last: int, typed: str = "") -> Place:
    """A place whose window starts at line `first` of a document of many lines."""
    shown = "".join(LINES.splitlines(keepends=True)[first:last])
    return replace(place(shown + typed), line=last)


async def test_it_is_gathered_once_for_a_window_however_much_is_typed() -> None:
    source = Source(snippet("one()\n"))
    keeper = ContextKeeper(Gatherer([source]), RULES)
    assert keeper.get(window(100, 200)) is None
    found = await asyncio.gather(*(keeper.ensure(query(window(100, 200))) for _ in range(3)))
    assert [texts(one) for one in found] == [["one()\n"]] * 3
    await keeper.ensure(query(window(100, 220, "val")))
    assert source.asked == 1
    await keeper.ensure(query(window(150, 250)))
    assert source.asked == 2


async def test_a_short_file_is_one_window_from_its_first_character_on() -> None:
    keeper = ContextKeeper(Gatherer([Source(snippet("one()\n"))]), RULES)
    await keeper.ensure(query(place("")))
    assert texts(keeper.get(place("import os\n\nx = "))) == ["one()\n"]


async def test_only_a_much_better_choice_is_worth_evaluating_the_prompt_again() -> None:
    source = Source(snippet("one()\n", 0.5))
    keeper = ContextKeeper(Gatherer([source]), RULES)
    at = query(window(100, 200))
    await keeper.ensure(at)
    assert await keeper.renewed(at) is None
    source.snippets = [snippet("one()\n", 0.5), snippet("two()\n", 0.1)]
    assert await keeper.renewed(at) is None, "a little more"
    source.snippets = [snippet("two()\n", 0.9), snippet("one()\n", 0.5)]
    better = await keeper.renewed(at)
    assert texts(better) == ["one()\n", "two()\n"]
    assert texts(keeper.get(at.place)) == ["one()\n"], "not before the caller adopts it"
    assert better is not None
    keeper.adopt(at.place, better)
    assert texts(keeper.get(at.place)) == ["one()\n", "two()\n"]


async def test_what_is_not_found_any_more_makes_way() -> None:
    source = Source(snippet("gone()\n", 0.9))
    keeper = ContextKeeper(Gatherer([source]), RULES)
    at = query(window(100, 200))
    await keeper.ensure(at)
    source.snippets = [snippet("new()\n", 0.3)]
    assert texts(await keeper.renewed(at)) == ["new()\n"]


async def test_closing_a_document_and_other_rules_forget() -> None:
    keeper = ContextKeeper(Gatherer([Source(snippet("one()\n"))]), RULES)
    at = query(window(100, 200))
    await keeper.ensure(at)
    keeper.forget(at.place.uri)
    assert keeper.get(at.place) is None
    await keeper.ensure(at)
    keeper.clear()
    assert keeper.get(at.place) is None


async def test_the_windows_used_least_recently_go_first() -> None:
    keeper = ContextKeeper(Gatherer([]), RULES)
    for first in range(40):
        keeper.adopt(window(first + 1, first + 30), Gathered())
    assert keeper.get(window(1, 30)) is None
    assert keeper.get(window(40, 69)) is not None
