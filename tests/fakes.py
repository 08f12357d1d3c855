"""Stand-ins for the unit tests: an engine without a model, and a clock that only moves when told."""

from __future__ import annotations

from collections.abc import Callable

from ai_lsp.completion.place import Place
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.worker import EngineState

PLAIN = ModelInfo("fake", "a model without fill-in-the-middle tokens", 2048, {})
FIM = ModelInfo("qwen", "qwen", 2048, {"pre": 1, "suf": 2, "mid": 3}, "<|fim_prefix|>")
READY = EngineState("ready", "fake", 1.0, PLAIN)


class FakeEngine:
    """Takes jobs and writes what a test tells it to."""

    def __init__(self, state: EngineState = READY) -> None:
        self.state = state
        self.completions: list[Job] = []
        self.warm_ups: list[Job] = []
        self.aheads: list[Job] = []
        self.stopped: list[tuple[Job, bool]] = []
        self.on_submit: Callable[[Job], None] = lambda _job: None

    def submit(self, job: Job) -> Job:
        if job.limits is None:
            self.warm_ups.append(job)
            job.resolve()
        elif job.priority is Priority.AHEAD:
            self.aheads.append(job)
        else:
            self.completions.append(job)
            self.on_submit(job)
        return job

    def stop(self, job: Job, *, now: bool = True) -> None:
        self.stopped.append((job, now))
        job.resolve()


def write(job: Job, text: str) -> None:
    """Let the model write `text`, one piece at a time, as far as the stop rules allow."""
    for character in text:
        job.generation.add(character.encode(), -0.1)
        assert job.limits is not None
        if (stop := job.limits.stop(job.generation)) is not None:
            job.generation.cut(*stop)
            return


def finish(job: Job, text: str) -> None:
    """Let the model write `text` and end."""
    write(job, text)
    job.generation.reason = job.generation.reason or "end"
    job.resolve()


def place(prefix: str, suffix: str = "", *, language: str = "python", uri: str = "file:///a.py") -> Place:
    """Return a place in a document of which these texts are all."""
    return Place(uri, uri.rpartition("/")[2], language, 1, prefix, suffix, prefix.count("\n"))
