"""Generations that requests have started: when they end, and which later request one of them can serve."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ai_lsp.completion.place import Place
from ai_lsp.completion.warming import Engine
from ai_lsp.engine.jobs import Job

_GRACE = 0.01
"""Seconds that a cancelled generation may go on: a client that cancels after each key asks again at once."""
_LATE = 1.5
"""Seconds after the deadline for which a generation may go on, to fill the cache."""


@dataclass(eq=False)
class Flight:
    """A generation under way, for the place it was asked for."""

    place: Place
    job: Job
    landed: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Done once the generation has ended."""
    wanted: int = 0
    """How many later requests looked at it."""

    def typed(self, place: Place) -> str | None:
        """Return what was typed since the flight began, or None when `place` does not follow from it."""
        if place.suffix != self.place.suffix or not place.prefix.startswith(self.place.prefix):
            return None
        return place.prefix[len(self.place.prefix) :]

    def serves(self, place: Place) -> bool:
        """Whether the text so far already confirms what was typed since."""
        typed = self.typed(place)
        return typed is not None and self.job.generation.text.startswith(typed)

    def leads_to(self, place: Place) -> bool:
        """Whether the prompt for `place` begins as this flight's did, so that its prefill serves both."""
        start = self.place.prefix[: len(self.place.prefix) - len(self.place.line_before)]
        return place.uri == self.place.uri and place.prefix.startswith(start)


class Flights:
    """At most one flight a document; belongs to the event loop."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.launched = 0
        """How many generations were started for requests."""
        self.completed = 0
        """Those of them that ran to their end."""
        self._by_uri: dict[str, Flight] = {}

    def launch(self, place: Place, job: Job, seconds: float, landed: Callable[[Flight], None]) -> Flight:
        """Start a generation for a request that waits so many seconds; `landed` is told when it has ended."""
        flight = self._by_uri[place.uri] = Flight(place, job)
        self.engine.submit(job)
        self.launched += 1
        late = asyncio.get_running_loop().call_later(max(0.0, seconds) + _LATE, self.engine.stop, job)

        def ended() -> None:
            late.cancel()
            self.completed += job.generation.reason not in ("", "stopped", "failed")
            if self._by_uri.get(place.uri) is flight:
                del self._by_uri[place.uri]
            flight.landed.set_result(None)
            landed(flight)

        when_done(job, ended)
        return flight

    def take_up(self, place: Place) -> Flight | None:
        """Do as `check` does, for a request: a flight that it has looked at is not abandoned."""
        if (flight := self._by_uri.get(place.uri)) is not None:
            flight.wanted += 1
        return self.check(place)

    def check(self, place: Place) -> Flight | None:
        """Return the document's flight if its text so far agrees with what was typed since; stop it if not."""
        flight = self._by_uri.get(place.uri)
        if flight is None or flight.serves(place):
            return flight
        self.engine.stop(flight.job, now=not flight.leads_to(place))
        return None

    def abandon(self, uri: str) -> None:
        """Stop the document's flight after some grace, unless a request takes it up.

        That is what comes at once after a cancel, at each key, in some editors.
        """
        flight = self._by_uri.get(uri)
        if flight is None:
            return
        wanted = flight.wanted

        def stop_unless_wanted() -> None:
            if flight.wanted == wanted:
                self.engine.stop(flight.job)

        asyncio.get_running_loop().call_later(_GRACE, stop_unless_wanted)


def when_done(job: Job, then: Callable[[], None]) -> None:
    """Call `then` on this event loop once `job` has ended."""
    loop = asyncio.get_running_loop()
    # A future keeps its callbacks. With what they refer to, mostly the job, it would be garbage in a cycle.
    waiting = [then]

    def on_done(_future: object) -> None:
        following = waiting.pop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(following)

    job.done.add_done_callback(on_done)
