"""Context in the prompts of a pipeline, with a source that answers when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ai_lsp.completion.cache import Cache
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.pipeline import Pipeline
from ai_lsp.completion.request import Request, Settings
from ai_lsp.completion.trace import Trace
from ai_lsp.context.gather import Gatherer
from ai_lsp.context.keeper import ContextKeeper, ContextRules
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from ai_lsp.engine.jobs import WARMED, Job
from tests.fakes import FakeEngine, finish, place

HEAD = "import os\n\n\ndef f(path):\n    "
ONE = Snippet("similar", "b.py", "one()\n", 0.9)


class Source:
    name = "similar"

    def __init__(self) -> None:
        self.ready = asyncio.Event()

    async def find(self, _query: Query) -> Sequence[Snippet]:
        await self.ready.wait()
        return [ONE]


class Finishing(FakeEngine):
    """Does every warm-up to its end."""

    def submit(self, job: Job) -> Job:
        if job.limits is None:
            job.generation.reason = WARMED
        return super().submit(job)


def pipeline(source: Source, hot_seconds: float) -> Pipeline:
    engine = Finishing()
    engine.on_submit = lambda job: finish(job, "urn os.path.exists(path)\n")
    keeper = ContextKeeper(
        Gatherer([source]), ContextRules(max_chars=500, hot_seconds=hot_seconds, rest_seconds=60.0)
    )
    return Pipeline(engine, Settings(look_ahead=False), Cache(0), Debounce(0, 0), contexts=keeper)


async def ask(pipe: Pipeline, text: str) -> Trace:
    at = place(text, "\n")
    return await pipe.suggest(Request(at, query=Query(at, Document(at.uri, text))))


async def test_a_request_at_a_new_place_waits_a_moment_for_context() -> None:
    source = Source()
    source.ready.set()
    trace = await ask(pipeline(source, hot_seconds=60.0), HEAD + "ret")
    assert trace.snippets == [ONE]
    assert "gather" in trace.stages


async def test_what_is_late_is_in_the_prompts_after_a_rest() -> None:
    source = Source()
    pipe = pipeline(source, hot_seconds=0.0)
    first = await ask(pipe, HEAD + "ret")
    assert (first.text, first.snippets) == ("urn os.path.exists(path)", [])
    source.ready.set()
    at = place(HEAD + "ret", "\n")
    await pipe.warming.rest(Query(at, Document(at.uri, at.prefix)))
    second = await ask(pipe, HEAD + "retu")
    assert second.snippets == [ONE]
    assert "gather" not in second.stages
