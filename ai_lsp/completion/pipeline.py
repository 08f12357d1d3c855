"""The order of the steps from a request to its answer. Nothing else knows it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import replace

from ai_lsp import timeslice
from ai_lsp.completion import ahead, stop
from ai_lsp.completion.alternatives import Choice, best_first, others
from ai_lsp.completion.cache import Cache, Entry
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.ending import ending
from ai_lsp.completion.flights import Flight, Flights, when_done
from ai_lsp.completion.place import Place
from ai_lsp.completion.request import Request, Settings
from ai_lsp.completion.reuse import reused
from ai_lsp.completion.showing import Showing
from ai_lsp.completion.signals import Signals, signals_at
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.trigger import Action, Trigger, trigger
from ai_lsp.completion.turns import Silence, Turn, Turns
from ai_lsp.completion.warming import Engine, Warming
from ai_lsp.context.keeper import ContextKeeper
from ai_lsp.engine.generate import Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.filters.tokens import spelling

_MARGIN = 0.015
"""Seconds before the deadline at which the answer is taken, for filters and sending."""
_RETRY = 0.05
"""Seconds that must be left before the deadline for a second try after a veto."""
_PREPARE = 0.004
"""Seconds after which filters look at the place while the model writes."""
_AFTER_REPLY = 0.004
"""Seconds from an answer, which is to be sent first, until the next suggestion is thought of."""
_GATHER = 5.0
"""Seconds that gathering may take at the very most; its own, shorter, limit is in the keeper's rules."""


class Pipeline:
    """Answers requests; belongs to the event loop. One instance serves all documents of a client."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        cache: Cache,
        debounce: Debounce,
        clock: Callable[[], float] = time.monotonic,
        contexts: ContextKeeper | None = None,
    ) -> None:
        """Without `contexts` prompts have nothing but the text around the cursor."""
        self.engine = engine
        self.contexts = contexts
        self.warming = Warming(engine, contexts)
        self.flights = Flights(engine)
        self.settings = settings
        self.cache = cache
        self.debounce = debounce
        self._clock = clock
        self._turns = Turns()
        self._showing = Showing()
        self._ids = itertools.count(1)

    async def suggest(self, request: Request) -> Trace:
        """Return the trace of one request; its `text` is what to show, empty for nothing.

        When the caller is cancelled the engine is freed and `asyncio.CancelledError` goes on.
        """
        place = request.place
        received = self._clock() if request.received is None else request.received
        trace = Trace(next(self._ids), place.uri, place.version, place.language, request.manual, place=place)
        trace.stages["arrival"] = (self._clock() - received) * 1000
        deadline = received + self.settings.allowed_ms(request) / 1000 - _MARGIN
        turn = self._turns.begin(place.uri)
        self._showing.asked(request, self.settings)
        try:
            trace.raw = await self._raw(request, received, deadline, turn, trace)
            trace.text = await self._shown(place, deadline, turn, trace)
            if request.manual and not trace.late:
                await self._choose(place, deadline, turn, trace)
            asyncio.get_running_loop().call_later(_AFTER_REPLY, self._look_ahead, place, trace)
        except Silence as silence:
            trace.text, trace.reason = "", str(silence)
        except asyncio.CancelledError:
            if self._turns.has(place.uri, turn):  # a newer request may have launched its own by now
                self.flights.abandon(place.uri)
            raise
        finally:
            self._turns.end(place.uri, turn)
            trace.stages["total"] = (self._clock() - received) * 1000
        return trace

    def is_asked(self, uri: str) -> bool:
        """Whether a request for a document waits for its answer."""
        return self._turns.is_on(uri)

    def changed(self, place: Place) -> None:
        """Take note of a new version of a document, whose edit ended at `place`.

        What was asked for an older version is not answered any more, and a generation that the edit does not
        follow is stopped.
        """
        self._turns.revoke(place.uri, "the document changed")
        self.settings.rejections.moved(place)
        self.warming.end_rest(place.uri)
        self.flights.check(place)

    def closed(self, uri: str) -> None:
        """Forget a document."""
        self._turns.revoke(uri, "the document was closed")
        self.flights.abandon(uri)
        self.warming.forget(uri)
        self.cache.forget(uri)
        self._showing.forget(uri)
        self.settings.rejections.forget(uri)
        if self.contexts is not None:
            self.contexts.forget(uri)

    async def _raw(self, request: Request, received: float, deadline: float, turn: Turn, trace: Trace) -> str:
        """Return the model's text for the place, from the cache or the engine. Raises `Silence`."""
        place = request.place
        signals = request.signals or signals_at(place)
        look = request.look
        if look is not None and self._decide(request, trace, lambda: signals, unseen=True).is_sure:
            with trace.stage("cache"):
                if (text := reused(self.cache, place, trace, typed_only=True)) is not None:
                    return text
        decision = self._decide(request, trace, lambda: look(signals) if look is not None else signals)
        with trace.stage("cache"):
            typed_only = decision.action is Action.SILENT
            if (text := reused(self.cache, place, trace, typed_only=typed_only)) is not None:
                return text
        if decision.action is Action.SILENT:
            raise Silence(decision.reason)
        self._ready()
        waits, ms = decision.action is Action.WAIT, (deadline - received) * 1000
        hold = 0.0 if request.manual else self.debounce.wait(place.line_before, ms, pause=waits)
        rush = 0.0 if request.manual else self.debounce.rush()
        flight = self.flights.take_up(place)
        if flight is None:
            await self._gather(request, turn, trace)
            await self._hold("rush", received + rush / 1000, turn, trace)
            with trace.stage("context"):
                job = self._job(place, self._ready(), deadline)  # there may be another model since
                flight = self.flights.launch(place, job, deadline - self._clock(), self._remember)
        trace.snippets = list(self.warming.snippets(flight.place))
        text = await self._land(flight, place, deadline, turn, trace)
        await self._hold("debounce", received + hold / 1000, turn, trace)
        return text

    def _decide(
        self, request: Request, trace: Trace, look: Callable[[], Signals], *, unseen: bool = False
    ) -> Trigger:
        """Return what is to be done, by a `look` at the place. Raises `Silence` where nothing may come.

        `unseen` says that the look does not tell what the cursor stands in.
        """
        with trace.stage("trigger"):
            trace.signals = look()
            decision = trigger(request.place, trace.signals, manual=request.manual, rules=self.settings.trigger)
            trace.trigger = decision.name
            if not decision.allows_cached and (decision.is_sure or not unseen):
                raise Silence(decision.reason)
        return decision

    async def _gather(self, request: Request, turn: Turn, trace: Trace) -> None:
        """Have the context of a place where nothing was gathered yet; a newer request ends the wait."""
        if self.contexts is None or request.query is None or self.contexts.get(request.place) is not None:
            return
        with trace.stage("gather"):
            await turn.until(asyncio.ensure_future(self.contexts.ensure(request.query)), _GATHER)

    async def _hold(self, stage: str, until: float, turn: Turn, trace: Trace) -> None:
        """Wait until the clock says so; a newer request or version ends the wait."""
        if (seconds := until - self._clock()) > 0:
            with trace.stage(stage):
                await turn.until(None, seconds)

    def _ready(self) -> ModelInfo:
        state = self.engine.state
        if state.info is None:
            raise Silence(state.message or f"the engine is {state.kind}")
        return state.info

    def _job(self, place: Place, info: ModelInfo, deadline: float, unlike: tuple[str, ...] = ()) -> Job:
        least = 0.0 if unlike else self.settings.min_probability  # what is forced to begin otherwise is unsure
        stop_at = ending(place, multiline=self.settings.multiline, max_lines=self.settings.max_lines, least=least)
        limits = Limits(stop_at, self.settings.max_tokens, deadline, unlike)
        return Job(place.uri, self.warming.prompt(place, info), Priority.COMPLETION, limits)

    async def _choose(self, place: Place, deadline: float, turn: Turn, trace: Trace) -> None:
        """Make other suggestions for the same place, as many as the deadline allows, and put the best first."""

        async def make(unlike: tuple[str, ...]) -> Choice:
            made = await self._made(place, deadline, turn, unlike)
            return Choice(stop.safe_prefix(made.text, made.finished), made.mean_logprob or 0.0)

        chain, count = self.settings.filters, self.settings.alternatives - 1
        with trace.stage("alternatives"):
            found = await others(trace.raw, trace.text, count, make, lambda text: chain.run(text, place)[0])
        await best_first(self.settings.checks, place, found, turn, trace)
        self._showing.shows(trace, place, self.settings)

    async def _made(self, place: Place, deadline: float, turn: Turn, unlike: tuple[str, ...]) -> Generation:
        """Return what the model writes that begins unlike these texts; nothing when there is no time for it."""
        job = self.engine.submit(self._job(place, self._ready(), deadline, unlike))
        try:
            done = await turn.until(asyncio.wrap_future(job.done), deadline - self._clock())
        finally:
            self.engine.stop(job)
        return job.generation if done else Generation()

    def _remember(self, flight: Flight) -> None:
        """Put what a generation gave into the cache, also when its reply is long sent."""
        generation, place = flight.job.generation, flight.place
        self.warming.room.learn(place.uri, generation)
        if generation.text:
            entry = Entry(generation.text, generation.finished, generation.mean_logprob, generation)
            self.cache.put(place.prefix, place.suffix, place.uri, entry)

    async def _land(self, flight: Flight, place: Place, deadline: float, turn: Turn, trace: Trace) -> str:
        """Wait for the flight until the deadline; return its text, or the safe part of it."""
        preparing = asyncio.create_task(self._prepare(place))
        try:
            done = await turn.until(flight.landed, deadline - self._clock())
        finally:
            preparing.cancel()
        generation = flight.job.generation
        if generation.error:
            raise Silence(generation.error)
        text, trace.late = generation.text, not done
        typed = flight.typed(place) or ""
        trace.generated(generation, len(typed))
        if not text.startswith(typed):
            raise Silence("the model went another way than what was typed")
        trace.reason = generation.reason or "deadline"
        safe = stop.safe_prefix(text[len(typed) :], generation.finished)
        if not safe:
            raise Silence("the deadline came before any text" if trace.late else f"no text ({trace.reason})")
        return safe

    async def _prepare(self, place: Place) -> None:
        """Do what filters can do without the text: once the engine's thread is in llama.cpp, the loop is free."""
        await asyncio.sleep(_PREPARE)
        for look in self.settings.filters.beforehand:
            look(place)
            await timeslice.pause()

    async def _shown(self, place: Place, deadline: float, turn: Turn, trace: Trace) -> str:
        """Return what the filters leave, asking the model once more after a veto that names an offence.

        Raises `Silence` with the reason of the veto.
        """
        settings, model = self.settings, self.engine.state.info
        try:
            return self._showing.filtered(trace.raw, place, trace, settings, model)
        except Silence:
            offence = trace.decisions[-1].offence
            if offence is None or trace.late or deadline - self._clock() < _RETRY:
                raise
            with trace.stage("retry"):
                start = replace(place, prefix=place.prefix + offence.kept)
                made = await self._made(start, deadline, turn, (offence.start,))
            if not (rest := stop.safe_prefix(made.text, made.finished)):
                raise
        trace.retry = offence.kept + rest
        trace.tokens = [*spelling(trace.tokens, offence.kept), *made.tokens()]
        text = self._showing.filtered(trace.retry, place, trace, settings, model)
        self.cache.put(place.prefix, place.suffix, place.uri, Entry(trace.retry, True))
        return text

    def _look_ahead(self, place: Place, trace: Trace) -> None:
        """Make the next suggestion while this one is read, unless this one or a newer one is still being made."""
        info = self.engine.state.info
        if trace.late or info is None or not self.settings.look_ahead or self.is_asked(place.uri):
            return
        if (job := ahead.job_after(place, trace.text, info, self.cache, self.warming.snippets(place))) is not None:
            when_done(job, lambda: ahead.remember(job, place, trace.text, self.cache))
            self.engine.submit(job)
