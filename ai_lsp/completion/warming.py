"""What is done for a place while nobody waits: context gathered, prompt evaluated, both renewed at rest."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from ai_lsp.completion import prompt
from ai_lsp.completion.place import Place, lower
from ai_lsp.completion.room import Room
from ai_lsp.context.keeper import ContextKeeper
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.engine.jobs import WARMED, Job, Priority
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import PromptChoice
from ai_lsp.engine.worker import EngineState

_BELOW_CHARS = 500
"""How far below the cursor the KV is brought at rest: who comes back to a file goes on some lines further down."""


class Engine(Protocol):
    """What the pipeline needs of an engine; `ai_lsp.engine.worker.Worker` is the real one."""

    @property
    def state(self) -> EngineState:
        """Where the engine is: loading, ready or failed."""

    def submit(self, job: Job) -> Job:
        """Queue a job."""

    def stop(self, job: Job, *, now: bool = True) -> None:
        """Stop a job, wherever it is; when not `now`, after the prefill step it is in."""


@dataclass(eq=False)
class _Rest:
    """A pause in one document, until the next edit of it or the next pause."""

    is_over: bool = False
    below: Job | None = None
    """Brings the KV below the cursor, for who leaves and comes back; it is nothing to who types on."""


class Warming:
    """Prompts with the context in force, and the KV brought up to them; belongs to the event loop."""

    def __init__(self, engine: Engine, contexts: ContextKeeper | None = None) -> None:
        """Without `contexts` prompts have nothing but the text around the cursor."""
        self.engine = engine
        self.room = Room()
        self._contexts = contexts
        self._rests: dict[str, _Rest] = {}
        self._renewals: dict[str, Job] = {}
        self._looked_at: Job | None = None

    def snippets(self, place: Place) -> tuple[Snippet, ...]:
        """Return the context in force for `place`."""
        found = self._contexts.get(place) if self._contexts is not None else None
        return found.snippets if found is not None else ()

    def prompt(self, place: Place, info: ModelInfo) -> PromptChoice:
        """Return the prompt for `place` with the context in force."""
        return prompt.build(place, info, self.snippets(place))

    def warm(self, place: Place, *, passing: bool = False) -> bool:
        """Prefill for `place`; not before its context was gathered, which is what False says.

        `passing` says that the document is only looked at: of several such the last one counts.
        """
        if self._contexts is not None and self._contexts.get(place) is None:
            return False
        if (info := self.engine.state.info) is not None:
            job = Job(place.uri, self.prompt(place, info), Priority.WARM_UP, passing=passing)
            job.done.add_done_callback(lambda _done: self.room.learn(place.uri, job.generation))
            if passing:
                if self._looked_at is not None:
                    self.engine.stop(self._looked_at, now=False)
                self._looked_at = job
            self.engine.submit(job)
        return True

    async def prepare(self, query: Query, *, passing: bool = False) -> None:
        """Gather the context of a place that somebody may ask about, and prefill."""
        if self._contexts is not None:
            await self._contexts.ensure(query)
        self.warm(query.place, passing=passing)

    def end_rest(self, uri: str) -> None:
        """Take note that the pause in a document is over."""
        if (rest := self._rests.pop(uri, None)) is not None:
            rest.is_over = True
            if rest.below is not None:
                self.engine.stop(rest.below)

    def forget(self, uri: str) -> None:
        """Forget a document, which is closed."""
        self.end_rest(uri)
        self._renewals.pop(uri, None)
        self.room.forget(uri)

    async def _renew(self, query: Query, info: ModelInfo, contexts: ContextKeeper) -> None:
        """Look for better context and evaluate the prompt with it, which an earlier pause may be doing still."""
        place = query.place
        latest = self._renewals.get(place.uri)
        if latest is not None and not latest.done.done() and latest.choice.window == place.window:
            return
        if (new := await contexts.renewed(query)) is None:
            return
        job = Job(f"{place.uri} renewed", prompt.build(place, info, new.snippets), Priority.RENEWAL)
        self._renewals[place.uri] = job
        await asyncio.wrap_future(self.engine.submit(job).done)
        if job.generation.reason == WARMED:
            contexts.adopt(place, new)

    async def rest(self, query: Query, following: Query | None = None) -> None:
        """Use a pause: look for better context, and bring the KV some lines further down.

        Better context takes effect once the prompt with it is in the KV, if the typing does not go on before.
        Where the window is nearly full, `following` is the place in the next one, which is made warm too.
        """
        info, place = self.engine.state.info, query.place
        if info is None:
            return
        self.end_rest(place.uri)
        rest = self._rests[place.uri] = _Rest()
        if self._contexts is not None:
            await self._renew(query, info, self._contexts)
        if not info.fim and not rest.is_over and (below := lower(place, _BELOW_CHARS)) is not None:
            # A key of its own: the next request, which has no use for this, does not wait until its step is done.
            job = Job(f"{place.uri} below", self.prompt(below, info), Priority.AHEAD)
            rest.below = self.engine.submit(job)
        if following is not None:
            if self._contexts is not None:
                await self._contexts.ensure(following)
            choice = self.prompt(following.place, info)
            self.engine.submit(Job(f"{place.uri} next", choice, Priority.AHEAD))
