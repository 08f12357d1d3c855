"""Replaying a trace in real time against an answerer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.latency.corpus import File
from benchmarks.latency.traces import Event

LATE_MS = 550.0


@dataclass
class Answer:
    """What one event got."""

    kind: str
    file: int
    ms: float
    """From the request to its reply."""
    text: str = ""
    cancelled: bool = False
    trace: dict[str, Any] = field(default_factory=dict)
    """The server's own trace, where the answerer is ours."""


class Answerer(Protocol):
    """Something that suggests text after edits."""

    name: str

    async def start(self, files: list[File]) -> None:
        """Start, with these files."""

    async def answer(self, event: Event) -> Answer:
        """Apply the edit and ask; a newer call cancels an older one where the answerer can."""

    async def stop(self) -> None:
        """End."""


async def replay(answerer: Answerer, events: list[Event]) -> list[Answer]:
    """Send the events with their gaps; returns the answers in order."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    tasks = []
    for event in events:
        due += event.gap
        await asyncio.sleep(max(0.0, due - loop.time()))
        tasks.append(asyncio.create_task(answerer.answer(event)))
        await asyncio.sleep(0)
    return list(await asyncio.gather(*tasks))
