from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from ai_lsp.completion.place import lower
from ai_lsp.completion.warming import Warming
from ai_lsp.context.gather import Gatherer
from ai_lsp.context.keeper import ContextKeeper, ContextRules
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from ai_lsp.engine.jobs import WARMED, Job, Priority
from ai_lsp.engine.worker import EngineState
from ai_lsp.options import Options
from tests.fakes import FIM, PLAIN, FakeEngine, place

HEAD = "def f():\n    ret"


class Source:
    name = "similar"

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    async def find(self, _query: Query) -> Sequence[Snippet]:
        return [Snippet(self.name, "b.py", text, 0.9) for text in self.texts]


class Finishing(FakeEngine):
    """Does its warm-ups to the end, or stops them."""

    def __init__(self, state: EngineState | None = None, *, ends: bool = True) -> None:
        super().__init__(*([state] if state else []))
        self.ends = ends
        self.on_warm_up: Callable[[], None] = lambda: None

    def submit(self, job: Job) -> Job:
        if job.limits is None and self.ends:
            job.generation.reason = WARMED
            self.on_warm_up()
        return super().submit(job)


def query(suffix: str = "\n") -> Query:
    return Query(place(HEAD, suffix), Document("file:///a.py", HEAD + suffix))


def keeper(source: Source) -> ContextKeeper:
    return ContextKeeper(Gatherer([source]), ContextRules(max_chars=500, hot_seconds=1.0))


def prompts(engine: FakeEngine) -> list[str]:
    return [job.choice.full.text for job in engine.warm_ups]


def test_without_context_the_kv_is_brought_up_at_once() -> None:
    engine = FakeEngine()
    assert Warming(engine).warm(place(HEAD))
    assert prompts(engine) == ["# a.py\n" + HEAD]


def test_of_the_documents_that_are_only_looked_at_the_last_one_counts() -> None:
    engine = FakeEngine()
    warming = Warming(engine)
    for name in "ab":
        warming.warm(place(HEAD, uri=f"file:///{name}.py"), passing=True)
    warming.warm(place(HEAD, uri="file:///c.py"))
    jobs = engine.warm_ups
    keys = [(job.key, job.passing) for job in jobs]
    assert keys == [("file:///a.py", True), ("file:///b.py", True), ("file:///c.py", False)]
    assert engine.stopped == [(jobs[0], False)]


def test_not_without_a_model() -> None:
    engine = FakeEngine(EngineState("loading"))
    Warming(engine).warm(place(HEAD))
    assert engine.warm_ups == []


async def test_context_comes_before_the_first_prefill() -> None:
    engine = FakeEngine()
    warming = Warming(engine, keeper(Source("one()\n")))
    assert not warming.warm(place(HEAD))
    await warming.prepare(query())
    assert prompts(engine) == ["# b.py\none()\n# a.py\n" + HEAD]
    assert warming.warm(place(HEAD + "urn"))


async def test_better_context_takes_effect_once_its_prompt_is_in_the_kv() -> None:
    source = Source("one()\n")
    for ends, then in ((False, "one()\n"), (True, "two()\n")):
        warming = Warming(Finishing(ends=ends), keeper(source))
        source.texts = ("one()\n",)
        await warming.prepare(query())
        source.texts = ("two()\n",)
        await warming.rest(query())
        assert [one.text for one in warming.snippets(place(HEAD))] == [then]


async def test_at_rest_the_kv_is_brought_some_lines_below_the_cursor() -> None:
    engine = FakeEngine()
    await Warming(engine).rest(query("urn 1\n\n\ndef g():\n    pass"))
    assert prompts(engine) == ["# a.py\n" + HEAD + "urn 1\n\n\ndef g():"]


async def test_who_types_on_has_no_use_for_what_is_below() -> None:
    engine = FakeEngine()
    warming = Warming(engine)
    await warming.rest(query("urn 1\n\n\ndef g():\n    pass"))
    warming.end_rest("file:///b.py")
    assert engine.stopped == []
    warming.end_rest("file:///a.py")
    warming.end_rest("file:///a.py")
    assert engine.stopped == [(engine.warm_ups[0], True)]


async def test_another_pause_at_the_same_place_ends_the_one_before() -> None:
    engine = FakeEngine()
    warming = Warming(engine)
    for _ in range(2):
        await warming.rest(query("urn 1\n\n\ndef g():\n    pass"))
    assert engine.stopped == [(engine.warm_ups[0], True)]
    warming.end_rest("file:///a.py")
    assert [job for job, _now in engine.stopped] == engine.warm_ups


async def test_nothing_below_when_the_typing_went_on_while_context_was_looked_for() -> None:
    engine, source = Finishing(), Source("one()\n")
    warming = Warming(engine, keeper(source))
    await warming.prepare(query())
    source.texts = ("two()\n",)
    engine.on_warm_up = lambda: warming.end_rest("file:///a.py")
    await warming.rest(query("urn 1\n\n\ndef g():\n    pass"))
    assert [job.key for job in engine.warm_ups] == ["file:///a.py", "file:///a.py renewed"]


async def test_not_where_the_text_after_the_cursor_is_in_the_prompt_anyway() -> None:
    engine = FakeEngine(EngineState("ready", "fim", 1.0, FIM))
    await Warming(engine).rest(query("urn 1\n\n\ndef g():\n    pass"))
    assert engine.warm_ups == []


def test_the_place_below() -> None:
    at = place("a\nb", "c\nd\ne")
    below = lower(at, 4)
    assert below is not None
    assert (below.prefix, below.suffix, below.line) == ("a\nbc\nd", "\ne", 2)
    assert lower(at, 1) is None
    assert lower(place("a", "\n\n\nb"), 2) is None, "nothing but line ends"


async def test_at_rest_the_next_window_is_made_warm_with_context_of_its_own() -> None:
    engine, source = Finishing(), Source("first = 1")
    warming = Warming(engine, keeper(source))
    await warming.prepare(query())
    source.texts = ("second = 2",)
    later = replace(place(HEAD, "\n"), line=50)
    await warming.rest(query(), replace(query(), place=later))
    job = next(job for job in engine.warm_ups if job.key.endswith("next"))
    assert "second = 2" in job.choice.full.text
    assert "second = 2" in warming.prompt(later, engine.state.info).full.text


class Busy(FakeEngine):
    """Does not come to better context."""

    def submit(self, job: Job) -> Job:
        if job.priority is not Priority.RENEWAL:
            return super().submit(job)
        self.warm_ups.append(job)
        return job


async def test_no_more_is_gathered_while_better_context_of_the_window_is_evaluated() -> None:
    engine, source = Busy(), Source("one()\n")
    warming = Warming(engine, keeper(source))
    await warming.prepare(query())
    source.texts = ("two()\n",)
    first = asyncio.create_task(warming.rest(query()))
    await until(lambda: len(engine.warm_ups) == 2)
    source.texts = ("three()\n",)
    await warming.rest(query())
    assert len(engine.warm_ups) == 2
    elsewhere = asyncio.create_task(warming.rest(replace(query(), place=replace(place(HEAD), line=50))))
    await until(lambda: len(engine.warm_ups) == 3)
    engine.warm_ups[1].generation.reason = WARMED
    for job in engine.warm_ups:
        job.resolve()
    await asyncio.gather(first, elsewhere)
    assert [one.text for one in warming.snippets(place(HEAD))] == ["two()\n"]


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0)


def test_how_dense_a_document_is_is_learned_from_its_prompts() -> None:
    engine = FakeEngine()
    warming = Warming(engine)
    engine_submit = engine.submit

    def submit(job: Job) -> Job:
        job.generation.chars_per_token = 2.0
        return engine_submit(job)

    engine.submit = submit  # type: ignore[method-assign]
    warming.warm(place(HEAD))
    assert warming.room.windows("file:///a.py", Options(), PLAIN).prefix_chars == 1809
    warming.forget("file:///a.py")
    assert warming.room.windows("file:///a.py", Options(), PLAIN).prefix_chars == 2500
