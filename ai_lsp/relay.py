"""An engine whose suggestions come from a provider, with the local engine behind it.

The local one begins when the provider has said nothing for a while, and answers when it says nothing until the
deadline, or fails. What comes later still goes to the cache, as from any engine.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ai_lsp.completion.warming import Engine
from ai_lsp.engine.generate import Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import Surroundings
from ai_lsp.engine.worker import EngineState
from ai_lsp.providers.chat import NotAllowed, ProviderError
from ai_lsp.providers.completer import Completer, Where
from ai_lsp.providers.tokens import Token

log = logging.getLogger(__name__)

HEAD_START = 0.15
"""Seconds that a provider has before the local engine begins too."""
_WORTHWHILE = 0.1
"""Seconds before the deadline at which a provider's text that begins still takes the place of the local one."""
_PAUSE, _LONG_PAUSE = 5.0, 30.0
"""Seconds for which a provider is not asked after it failed, and after it was not allowed."""
_OFTEN_LATE = 3
"""Answers in a row that were late before that is told."""
_CELLS = 8192
"""What prompts are fitted to where there is no local model."""

Tell = Callable[[str], None]
"""Is told, on the event loop, why the local engine answers; an empty text when that is over."""


@dataclass(eq=False)
class _Flight:
    """One job that a provider does."""

    job: Job
    around: Surroundings
    limits: Limits
    completer: Completer
    written: Generation
    """What the provider says."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is text, or the end of it."""
    good: bool = False
    """Whether there is text, or an end without any."""
    problem: str = ""
    shadow: Job | None = None
    """The same job for the local engine."""
    task: asyncio.Task[None] | None = None

    async def begun(self, seconds: float) -> bool:
        """Wait for the provider, so many seconds at most; tell whether it is good for something."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.news.wait(), max(0.0, seconds))
        return self.good


class Relay:
    """Looks like one engine to the pipeline. Belongs to the event loop."""

    def __init__(
        self,
        local: Engine,
        completer: Callable[[str, Callable[[], str]], Completer | None],
        where: Callable[[str], Where],
        tell: Tell,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`completer` returns who continues a language id in a file, None for the local engine.

        `where` tells by its URI where a document lies.
        """
        self.local = local
        self._completer = completer
        self._where = where
        self._tell = tell
        self._clock = clock
        self._flights: dict[Job, _Flight] = {}
        self._silent_until: dict[str, float] = {}
        self._late = 0
        self._title = ""
        """Who answered last, where that was not the local engine."""

    @property
    def state(self) -> EngineState:
        """The local engine's state; without its model that of a provider that has answered."""
        state = self.local.state
        if state.info is None and self._title:
            return EngineState("ready", self._title, 1.0, ModelInfo(self._title, "", _CELLS, {}))
        return state

    def submit(self, job: Job) -> Job:
        """Queue a job: a generation goes to the provider of its place, all else to the local engine."""
        around, limits = job.choice.around, job.limits
        # What must not begin like another text can only be made here.
        if around is None or limits is None or limits.unlike:
            return self.local.submit(job)
        completer = self._completer(around.language, lambda: self._where(around.uri).file)
        if completer is None or self._clock() < self._silent_until.get(completer.provider.name, 0.0):
            return self.local.submit(job)
        for other in [other for other in self._flights if other.priority is Priority.AHEAD]:
            self.stop(other)
        job.generation = Generation(model=completer.title)
        flight = self._flights[job] = _Flight(job, around, limits, completer, job.generation)
        flight.task = asyncio.get_running_loop().create_task(self._fly(flight))
        flight.task.add_done_callback(lambda task: self._landed(flight, task))
        return job

    def stop(self, job: Job, *, now: bool = True) -> None:
        """Stop a job wherever it is; a provider's stream is closed at once."""
        flight = self._flights.get(job)
        if flight is None:
            self.local.stop(job, now=now)
        elif flight.task is not None:
            flight.task.cancel()

    def _landed(self, flight: _Flight, task: asyncio.Task[None]) -> None:
        self._flights.pop(flight.job, None)
        if flight.shadow is not None:
            self.local.stop(flight.shadow)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a provider's suggestion failed", exc_info=error)
        flight.job.resolve("" if flight.shadow is not None else flight.problem)

    async def _fly(self, flight: _Flight) -> None:
        """Have the provider do the job, and the local engine where it does not in time."""
        writing = asyncio.create_task(self._write(flight))
        try:
            if flight.job.priority is Priority.COMPLETION and not await flight.begun(HEAD_START):
                self._begin_shadow(flight)
                await flight.news.wait()
                # A text that has hardly begun at the deadline is worth less than a whole one.
                if flight.good and flight.limits.deadline - self._clock() > _WORTHWHILE:
                    flight.job.generation = flight.written
            await writing
            if not flight.good and flight.shadow is None and flight.job.priority is Priority.COMPLETION:
                self._begin_shadow(flight)
            if flight.good or flight.shadow is None:
                flight.job.generation = flight.written
            else:
                flight.job.generation = flight.shadow.generation
                await asyncio.wrap_future(flight.shadow.done)
        finally:
            writing.cancel()

    async def _write(self, flight: _Flight) -> None:
        """Write what the provider says until a stop rule ends it, and take note of what went wrong."""
        try:
            await self._follow(flight, flight.written, flight.limits)
        except ProviderError as error:
            pause = _LONG_PAUSE if isinstance(error, NotAllowed) else _PAUSE
            self._silent_until[flight.completer.provider.name] = self._clock() + pause
            flight.problem, flight.good = str(error), False
            self._tell(flight.problem)
        else:
            flight.good = True
            self._title = flight.completer.title
            self._late = self._late + 1 if self._clock() > flight.limits.deadline else 0
            self._tell(f"{self._title} is late" if self._late >= _OFTEN_LATE else "")
        finally:
            flight.news.set()

    async def _follow(self, flight: _Flight, out: Generation, limits: Limits) -> None:
        """Append to `out`. Raises ProviderError."""
        where = self._where(flight.around.uri)
        stream = flight.completer.stream(flight.around, where, limits.max_tokens)
        async with contextlib.aclosing(stream) as tokens:
            async for token in tokens:
                if token is None:
                    out.reason = "length"
                    continue
                _append(out, token)
                # A rule may parse the text, which would hold the loop up.
                if (stop := await asyncio.to_thread(limits.stop, out)) is not None:
                    out.cut(*stop)
                    return
                flight.good = bool(out.text)
                flight.news.set()
        out.reason = out.reason or "end"

    def _begin_shadow(self, flight: _Flight) -> None:
        """Have the local engine do the same job, if it can, and its text stand until there is another."""
        job = flight.job
        if self.local.state.kind == "ready":
            flight.shadow = self.local.submit(Job(job.key, job.choice, job.priority, flight.limits))
            job.generation = flight.shadow.generation


def _append(out: Generation, token: Token) -> None:
    """Append a token; once the probability of one is not known, those of the others say nothing of the text."""
    if token.logprob is not None and len(out.text) == (out.ends[-1] if out.ends else 0):
        out.add(token.text.encode("utf-8", "replace"), token.logprob)
        return
    out.logprobs.clear()
    out.ends.clear()
    out.append(token.text)
