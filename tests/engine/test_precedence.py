"""Completions before chat."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

from ai_lsp.engine.precedence import Precedence


class FakeContext:
    """Counts its aborts."""

    def __init__(self, *, rewinds: bool = True) -> None:
        self.model = SimpleNamespace(rewinds=rewinds)
        self.aborted = 0

    def abort(self) -> None:
        self.aborted += 1

    def resume(self) -> None:
        self.aborted = 0


def context(**how: bool) -> Any:
    return FakeContext(**how)


def never() -> bool:
    return False


def test_what_computes_is_aborted_by_a_completion_only():
    precedence, one = Precedence(), context()
    assert precedence.take(one, never)
    precedence.begin(now=False)
    assert one.aborted == 0
    precedence.begin(now=True)
    assert one.aborted == 1


def test_what_does_not_compute_is_not():
    precedence, one = Precedence(), context()
    assert precedence.take(one, never)
    precedence.leave(one)
    precedence.begin(now=True)
    assert one.aborted == 0


def test_what_cannot_take_a_step_back_finishes_it():
    precedence, one = Precedence(), context(rewinds=False)
    assert precedence.take(one, never)
    precedence.begin(now=True)
    assert one.aborted == 0


def test_it_waits_until_all_that_is_urgent_is_done():
    precedence, one = Precedence(), context()
    precedence.begin(now=False)
    precedence.begin(now=True)
    order: list[str] = []

    def wait() -> None:
        precedence.take(one, never)
        order.append("taken")

    thread = threading.Thread(target=wait)
    thread.start()
    precedence.end()
    order.append("last")
    precedence.end()
    thread.join(10)
    assert order == ["last", "taken"]


def test_stopped_it_waits_no_more():
    precedence, one = Precedence(), context()
    precedence.begin(now=True)
    stopped = threading.Event()
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(precedence.take(one, stopped.is_set)))
    thread.start()
    precedence.stop(one, stopped.set)
    thread.join(10)
    assert found == [False]
    assert one.aborted == 1
