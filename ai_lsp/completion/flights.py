"""Generations that are under way, and which later request one of them can serve."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ai_lsp.completion.place import Place
from ai_lsp.engine.jobs import Job


@dataclass(eq=False)
class Flight:
    """A generation under way, for the place it was asked for."""

    place: Place
    job: Job
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
    """At most one flight a document."""

    def __init__(self) -> None:
        self._by_uri: dict[str, Flight] = {}

    def add(self, flight: Flight) -> None:
        """Make it the document's flight."""
        self._by_uri[flight.place.uri] = flight

    def get(self, uri: str) -> Flight | None:
        """Return the document's flight, if one is under way."""
        return self._by_uri.get(uri)

    def remove(self, flight: Flight) -> None:
        """Forget a flight that has ended."""
        if self._by_uri.get(flight.place.uri) is flight:
            del self._by_uri[flight.place.uri]

    def abandon(self, uri: str, stop: Callable[[Job], None], after: float) -> None:
        """Stop the document's flight `after` some seconds, unless a request takes it up.

        That is what comes at once after a cancel, at each key, in some editors.
        """
        flight = self._by_uri.get(uri)
        if flight is None:
            return
        wanted = flight.wanted

        def stop_unless_wanted() -> None:
            if flight.wanted == wanted:
                stop(flight.job)

        asyncio.get_running_loop().call_later(after, stop_unless_wanted)


def when_done(job: Job, then: Callable[[], None]) -> None:
    """Call `then` on this event loop once `job` has ended."""
    loop = asyncio.get_running_loop()

    def on_done(_future: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(then)

    job.done.add_done_callback(on_done)
