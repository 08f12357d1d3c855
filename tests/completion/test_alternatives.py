"""Other suggestions, made by a function that the test writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ai_lsp.completion.alternatives import Choice, others


def maker(*texts: str) -> tuple[Callable[[tuple[str, ...]], object], list[tuple[str, ...]]]:
    """Return what makes these texts one after the other, then none; and what it was told each time."""
    left, told = list(texts), []

    async def make(unlike: tuple[str, ...]) -> Choice:
        told.append(unlike)
        return Choice(left.pop(0) if left else "", -1.0)

    return make, told


async def texts(*arguments: Any) -> list[str]:
    return [choice.text for choice in await others(*arguments)]


async def test_each_is_unlike_all_before_it() -> None:
    make, told = maker("b = 1", "c = 2", "d = 3")
    assert await texts("a = 0", "a = 0", 2, make, lambda text: text) == ["b = 1", "c = 2"]
    assert told == [("a = 0",), ("a = 0", "b = 1")]


async def test_no_more_time() -> None:
    make, _ = maker("b = 1")
    assert await texts("a = 0", "a = 0", 4, make, lambda text: text) == ["b = 1"]


async def test_what_the_filters_refuse_is_not_offered_but_not_made_again() -> None:
    make, told = maker("TODO", "c = 2")
    assert await texts("a = 0", "a = 0", 1, make, lambda text: "" if text == "TODO" else text) == ["c = 2"]
    assert told[1] == ("a = 0", "TODO")


async def test_the_same_text_is_offered_once() -> None:
    make, _ = maker(" a = 0", "b = 1", "b = 1 ")
    assert await texts("a = 0;", "a = 0", 3, make, lambda text: text) == ["b = 1"]


async def test_it_gives_up_where_all_is_refused() -> None:
    make, told = maker(*"bcdefghijk")
    assert await texts("a", "a", 2, make, lambda _text: "") == []
    assert len(told) == 4


async def test_one_is_enough() -> None:
    make, told = maker("b")
    assert await texts("a", "a", 0, make, lambda text: text) == []
    assert told == []
