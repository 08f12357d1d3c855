"""What is left of a generation when it has ended."""

from __future__ import annotations

import asyncio
import gc
import weakref

from ai_lsp.completion.flights import when_done
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.prompt import Prompt, PromptChoice


def ended(seen: list[str]) -> weakref.ref[Job]:
    """A job that has just ended, whose reason will be `seen`."""
    prompt = Prompt(("x = ",))
    job = Job("a.py", PromptChoice(prompt, lambda _chars: prompt), Priority.COMPLETION)
    when_done(job, lambda: seen.append(job.generation.reason))
    job.resolve()
    return weakref.ref(job)


async def test_a_job_that_has_ended_goes_without_a_collector_of_garbage() -> None:
    seen: list[str] = []
    gc.disable()
    try:
        job = ended(seen)
        assert job() is not None
        await asyncio.sleep(0)
        assert seen == ["stopped"]
        assert job() is None
    finally:
        gc.enable()
