"""One person at one client, in real time: files are visited, then the cases' texts are typed one after another."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.latency.corpus import File
from benchmarks.latency.replay import Answer, Answerer
from benchmarks.latency.traces import Event
from benchmarks.quality.cases import Case
from benchmarks.quality.keystrokes.person import Person, Tally, keys
from benchmarks.quality.visits import Visit

_VISIT_SECONDS = 1.2
"""How long one looks at a file: the ring of llama.vim takes a chunk a second."""
_THOUGHT_SECONDS = 2.0
"""How long one thinks at a place before the first key."""


@dataclass(frozen=True)
class Plan:
    """What happens in one repository."""

    visits: Sequence[Visit]
    cases: Sequence[Case]
    """At most one a file."""

    @property
    def files(self) -> list[File]:
        """All files that are opened, the visited ones first."""
        visited = [File(one.path, one.language, one.text) for one in self.visits]
        return visited + [File(one.path, one.language, one.text) for one in self.cases]


async def sit(answerer: Answerer, plan: Plan, seed: int, *, speed: float = 1.0) -> dict[str, Tally]:
    """Work through `plan`; returns what came of each case, by its id. The answerer must have been started.

    With a higher `speed` every wait is shorter by that factor than a person's.
    """
    for number, visit in enumerate(plan.visits):
        offset = sum(len(line) + 1 for line in visit.text.split("\n")[: visit.line])
        await _arrive(answerer, Event(_VISIT_SECONDS / speed, number, "jump", offset, 0, ""))
    found = {}
    for number, case in enumerate(plan.cases, len(plan.visits)):
        await _arrive(answerer, Event(_THOUGHT_SECONDS / speed, number, "jump", len(case.prefix), 0, ""))
        person = Person(random.Random(f"{seed} {case.id}"), case.expected, speed)
        found[case.id] = await _type(answerer, number, person, len(case.prefix))
    return found


async def _arrive(answerer: Answerer, event: Event) -> None:
    """Go to a place, and look at it for the event's time; what is suggested before a key is not read."""
    answerer.leave(event)
    answered = asyncio.create_task(answerer.answer(event))
    await asyncio.sleep(event.gap)
    if not answered.done():
        await answerer.rest()
    await answered


async def _type(answerer: Answerer, file: int, person: Person, offset: int) -> Tally:
    tally = Tally(plain=len(keys(person.rest)))
    asked: list[asyncio.Task[Answer]] = []
    accepted = ""
    while person.rest or accepted:
        put = accepted or person.key()
        tally.typed += not accepted
        event = Event(0.0, file, "enter" if put.startswith("\n") else "char", offset, 0, put)
        offset += len(put)
        asked.append(asyncio.create_task(answerer.answer(event)))
        await asyncio.sleep(0)  # it is sent before anything else happens
        accepted = await _wait(asked[-1], person, tally) if person.rest else ""
    await answerer.rest()
    await asyncio.gather(*asked)
    return tally


async def _wait(asked: asyncio.Task[Answer], person: Person, tally: Tally) -> str:
    """Let the time until the next key pass, and look at what is suggested meanwhile; returns what is accepted."""
    loop = asyncio.get_running_loop()
    due = loop.time() + person.gap()
    done, _ = await asyncio.wait({asked}, timeout=due - loop.time())
    text = asked.result().text if done else ""
    look = person.look(text)
    tally.shown += bool(text)
    tally.wrong += look.wrong
    tally.accepts += bool(look.accepted)
    await asyncio.sleep(look.seconds or max(0.0, due - loop.time()))
    return look.accepted
