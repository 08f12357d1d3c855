"""The ghost text that the latency benchmark keeps as an editor does."""

from __future__ import annotations

import pytest

from benchmarks.latency.ghost import Ghost
from benchmarks.latency.traces import Event


def event(offset: int, text: str = "", *, removed: int = 0, file: int = 0) -> Event:
    return Event(0.1, file, "char", offset, removed, text)


@pytest.mark.parametrize(
    ("edits", "rest"),
    [
        ([event(10, "r")], "eturn x"),
        ([event(10, "r"), event(11, "e"), event(12, "turn")], " x"),
        ([event(10, "re"), event(11, removed=1), event(11, "e")], "turn x"),
        ([event(10, "x")], ""),
        ([event(10, "re"), event(11, "x", removed=1)], ""),
        ([event(10, "return x")], ""),  # nothing is left to show
        ([event(9, "r")], ""),
        ([event(11, "r")], ""),
        ([event(9, removed=1)], ""),
        ([event(10, "r", file=1)], ""),
    ],
)
def test_what_is_left_after_edits(edits: list[Event], rest: str) -> None:
    ghost = Ghost(0, 10, "return x")
    shown = [ghost.follow(edit) for edit in edits]
    assert all(shown[:-1])
    assert shown[-1] == rest
