from __future__ import annotations

import asyncio

import pytest

from ai_lsp.completion.turns import Silence, Turns


async def test_a_lost_turn_wakes_who_waits() -> None:
    turns = Turns()
    turn = turns.begin("a")
    waiting = asyncio.create_task(turn.until(None, 60))
    await asyncio.sleep(0)
    turns.begin("a")
    with pytest.raises(Silence, match="superseded"):
        await waiting


async def test_the_time_runs_out() -> None:
    assert await Turns().begin("a").until(None, 0) is False


async def test_what_is_waited_for_is_done() -> None:
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(Turns().begin("a").until(done, 60))
    await asyncio.sleep(0)
    done.set_result(1)
    assert await waiting is True


async def test_an_ended_turn_is_not_lost_again() -> None:
    turns = Turns()
    turn = turns.begin("a")
    turns.end("a", turn)
    turns.revoke("a", "the document changed")
    assert await turn.until(None, 0) is False


async def test_the_end_of_an_old_turn_leaves_the_new_one() -> None:
    turns = Turns()
    old = turns.begin("a")
    new = turns.begin("a")
    turns.end("a", old)
    turns.revoke("a", "the document changed")
    with pytest.raises(Silence, match="changed"):
        await new.until(None, 60)
