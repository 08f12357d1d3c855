"""From the cancel of a request in the middle of its prompt until the engine is free.

In this process: a pipeline over a real worker, asked at places that the KV knows nothing of. The grace that the
pipeline gives a cancelled generation (10 ms) is in the figure.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
from collections.abc import Callable

from ai_lsp.completion.cache import Cache
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.pipeline import Pipeline
from ai_lsp.completion.place import Place
from ai_lsp.completion.request import Request, Settings
from ai_lsp.engine.jobs import Job
from ai_lsp.engine.worker import EngineState, Worker
from ai_lsp.host import engine_settings
from ai_lsp.models.store import resolve
from ai_lsp.options import ModelOptions
from benchmarks.latency.corpus import File
from benchmarks.latency.stats import percentile

_PREFIX_CHARS = 8_000
"""More than 1,500 tokens hold; the engine takes what its cells have room for."""
_NO_DEADLINE_MS = 60_000
_SOONEST, _LATEST = 0.01, 0.3
"""Seconds after the request at which it is cancelled."""


class Watched:
    """A worker that notes when each job ended."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.job: Job | None = None
        self.ended = 0.0

    @property
    def state(self) -> EngineState:
        """The worker's state."""
        return self._worker.state

    def submit(self, job: Job) -> Job:
        """Queue a job and remember it."""
        self.job = job
        job.done.add_done_callback(lambda _done: setattr(self, "ended", time.perf_counter()))
        return self._worker.submit(job)

    def stop(self, job: Job, *, now: bool = True) -> None:
        """Stop a job."""
        self._worker.stop(job, now=now)


async def run(
    model: str, corpus: list[File], times: int, seed: int, say: Callable[[str], None]
) -> dict[str, float]:
    """Cancel so many requests; milliseconds."""
    found = resolve(model)
    settled = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_state(state: EngineState) -> None:
        if state.kind in ("ready", "failed"):
            loop.call_soon_threadsafe(settled.set)

    worker = Worker(engine_settings(ModelOptions(name=model, shelf_mb=0), found), on_state)
    worker.start()
    await settled.wait()
    gc.freeze()  # as the server does; this process holds the answers of the whole trace besides
    try:
        taken = await _cancel_all(Watched(worker), corpus, times, random.Random(seed), say)
    finally:
        await asyncio.to_thread(worker.close)
    p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
    return {"cancel_p50_ms": p50, "cancel_p99_ms": p99, "cancel_max_ms": max(taken), "cancels": len(taken)}


async def _cancel_all(
    engine: Watched, corpus: list[File], times: int, dice: random.Random, say: Callable[[str], None]
) -> list[float]:
    pipeline = Pipeline(engine, Settings(look_ahead=False), Cache(0), Debounce(0, 0))
    taken: list[float] = []
    while len(taken) < times:
        place = _cold_place(corpus, dice, len(taken))
        seconds = await _cancel_one(pipeline, engine, place, dice.uniform(_SOONEST, _LATEST))
        if seconds is not None:
            taken.append(seconds * 1000)
            if len(taken) % 20 == 0:
                say(f"cancel: {len(taken)} of {times}")
    return taken


async def _cancel_one(pipeline: Pipeline, engine: Watched, place: Place, after: float) -> float | None:
    """Return the seconds until the engine was free; None when the generation ended before the cancel."""
    asking = asyncio.create_task(pipeline.suggest(Request(place, manual=True, deadline_ms=_NO_DEADLINE_MS)))
    await asyncio.sleep(after)
    job = engine.job
    if job is None or asking.done() or job.done.done():
        await asking
        return None
    cancelled = time.perf_counter()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await asyncio.wrap_future(job.done)
    return engine.ended - cancelled


def _cold_place(corpus: list[File], dice: random.Random, number: int) -> Place:
    """Return the start of a random line, as if of a document of its own."""
    text = dice.choice(corpus[1:]).text
    at = text.find("\n", dice.randrange(_PREFIX_CHARS, len(text))) + 1 or len(text)
    uri = f"file:///bench/cancel/{number}.py"
    return Place(uri, f"{number}.py", "python", 1, text[at - _PREFIX_CHARS : at], text[at : at + 2_000])
