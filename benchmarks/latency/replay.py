"""Replaying a trace in real time against an answerer."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.latency.corpus import File
from benchmarks.latency.traces import MOVES, Event

LATE_MS = 550.0
_TAIL_SECONDS = 3.0
"""How long the last keys' replies are waited for before the answerer may give them up."""
SEGMENT = 60
"""Events of a trace that one contestant replays before the next one's turn."""


@dataclass
class Answer:
    """What one event got."""

    kind: str
    file: int
    ms: float
    """From the request to its reply."""
    text: str = ""
    cancelled: bool = False
    """Whether there was no reply, or an error instead."""
    overtaken: bool = False
    """Whether the next key came before the reply, which then says nothing."""
    trace: dict[str, Any] = field(default_factory=dict)
    """The server's own trace, where the answerer is ours."""
    asked: bool = True
    """Whether the model had to be asked, where the answerer knows; False for its own cache."""
    seen_ms: float | None = None
    """From the key until the editor showed the rest of a suggestion by itself, where it could."""
    settled: bool = False
    """Whether the last move to another place was more than `SETTLED_SECONDS` before."""


SETTLED_SECONDS = 2.0
"""After that long the prompt of a new place is evaluated on any machine that this is run on."""


class Answerer(Protocol):
    """Something that suggests text after edits."""

    name: str

    async def start(self, files: list[File]) -> None:
        """Start, with these files."""

    def leave(self, event: Event) -> None:
        """Typing ended here; after its gap comes `event`, which is at another place."""

    async def answer(self, event: Event) -> Answer:
        """Apply the edit and ask; a newer call cancels an older one where the answerer can."""

    async def rest(self) -> None:
        """Be quiet, as another contestant's turn comes; what is not answered yet is given up or finished."""

    async def stop(self) -> None:
        """End."""


async def replay(answerer: Answerer, events: list[Event]) -> list[Answer]:
    """Send the events with their gaps; returns the answers in order."""
    loop = asyncio.get_running_loop()
    due = moved_at = loop.time()
    tasks, settled = [], []
    for event in events:
        due += event.gap
        if event.kind in MOVES:
            answerer.leave(event)
            moved_at = due
        await asyncio.sleep(max(0.0, due - loop.time()))
        settled.append(due - moved_at > SETTLED_SECONDS)
        tasks.append(asyncio.create_task(answerer.answer(event)))
        await asyncio.sleep(0)
    await asyncio.wait(tasks, timeout=_TAIL_SECONDS)
    await answerer.rest()
    answers = list(await asyncio.gather(*tasks))
    for answer, is_settled in zip(answers, settled, strict=True):
        answer.settled = is_settled
    return answers


def segments(events: list[Event]) -> list[list[Event]]:
    """Cut a trace into the parts that contestants take turns with."""
    return [events[at : at + SEGMENT] for at in range(0, len(events), SEGMENT)]


def say_on_stderr() -> Callable[[str], None]:
    """Return what prints a line of progress with the time since now, so that one sees it live."""
    begin = time.monotonic()

    def say(text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - begin), 60)
        print(f"[{minutes:02}:{seconds:02}] {text}", file=sys.stderr, flush=True)

    return say
