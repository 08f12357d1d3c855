"""The one thread that owns the llama.cpp context, and the queue in front of it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ai_lsp import timeslice
from ai_lsp.engine import weights
from ai_lsp.engine.generate import Generator
from ai_lsp.engine.jobs import WARMED, Job, Priority
from ai_lsp.engine.llama import ContextSettings, DecodeAborted, EngineError, LlamaContext
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.shelf import Shelf, folder_for
from ai_lsp.engine.speed import Speed
from ai_lsp.engine.threads import ThreadGovernor

log = logging.getLogger(__name__)

_PROGRESS_SECONDS = 0.1
_REPLY_SECONDS = 0.008
"""For so long after a generation somebody waited for the cores are left to the reply: filters and sending."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Which file to load and how."""

    path: Path
    name: str
    context: ContextSettings = field(default_factory=ContextSettings)
    adaptive_threads: bool = False
    """Whether fewer threads are used while other programs want the machine."""
    speed: Speed | None = None
    """What is known of this machine already, for the first deadlines."""
    shelf: Path | None = None
    """The folder of folders for KV that had to make way, one a model; None for none."""
    shelf_bytes: int = 0
    """What all of them may hold; 0 for none."""


@dataclass(frozen=True, slots=True)
class EngineState:
    """Where the engine is: loading, ready or failed."""

    kind: str
    """``loading``, ``ready``, ``failed``, ``closed``, or ``unloaded`` while nobody is there."""
    message: str = ""
    share: float = 0.0
    """While loading: the share done, 0 to 1."""
    info: ModelInfo | None = None
    """When ready: what prompts need to know of the model."""


class Worker:
    """Runs jobs by priority, one at a time, on its own thread.

    `submit` and `stop` may be called from any thread. `on_state` is called on the engine thread.
    """

    def __init__(self, settings: EngineSettings, on_state: Callable[[EngineState], None]) -> None:
        self.settings = settings
        self.state = EngineState("loading", f"loading {settings.name}")
        self.speed = settings.speed or Speed()
        self._on_state = on_state
        self._waiting: list[Job] = []
        self._running: Job | None = None
        self._closing = False
        self._changed = threading.Condition()
        self._context: LlamaContext | None = None
        self._thread = threading.Thread(target=self._run, name="ai-lsp engine", daemon=True)

    def start(self) -> None:
        """Start loading the model; returns at once."""
        self._thread.start()

    def submit(self, job: Job) -> Job:
        """Queue `job`; a waiting one of the same key and priority is stopped, a less urgent running one too."""
        with self._changed:
            if self._closing or self.state.kind == "failed":
                job.resolve(self.state.message or "the engine is closed")
                return job
            for old in [old for old in self._waiting if (old.key, old.priority) == (job.key, job.priority)]:
                self._waiting.remove(old)
                old.resolve()
            self._waiting.append(job)
            running = self._running
            if running is not None and running.priority > job.priority:
                running.yielding = True
                if running.key != job.key:
                    self._abort()
            self._changed.notify()
        return job

    def stop(self, job: Job, *, now: bool = True) -> None:
        """Stop `job` wherever it is; its `done` resolves with what there is. Finished prefill stays in the KV.

        `now` aborts even inside a prefill step, whose work is lost; otherwise the step is finished first, which
        is right when the next job needs it too.
        """
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                job.resolve()
            elif job is self._running:
                job.stopped = True
                if now:
                    self._abort()

    def finish(self, timeout: float) -> None:
        """Drop what nobody waits for and let completions come to their end, `timeout` seconds at most."""
        with self._changed:
            for job in [job for job in self._waiting if job.priority is not Priority.COMPLETION]:
                self._waiting.remove(job)
                job.resolve()
            running = self._running
            if running is not None and running.priority is not Priority.COMPLETION:
                running.stopped = True
                self._abort()
            self._changed.wait_for(lambda: not self._waiting and self._running is None, timeout)

    def close(self, timeout: float = 10.0) -> None:
        """Stop everything, free the model and wait for the thread, `timeout` seconds at most."""
        with self._changed:
            self._closing = True
            for job in self._waiting:
                job.resolve()
            self._waiting.clear()
            if self._running is not None:
                self._running.stopped = True
                self._abort()
            self._changed.notify()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _abort(self) -> None:
        if self._context is not None:
            self._context.abort()

    def _set_state(self, state: EngineState) -> None:
        self.state = state
        self._on_state(state)

    def _run(self) -> None:
        timeslice.ask(timeslice.LONG)
        try:
            generator = self._load()
        except Exception as error:
            if not isinstance(error, (EngineError, ImportError, OSError)):
                log.exception("loading the model failed")
            self._fail(str(error))
            return
        self._loop(generator)
        generator.context.resume()
        generator.sequences.put_all_away()
        generator.context.close()
        weights.give_back(generator.model)
        self._set_state(EngineState("closed"))

    def _load(self) -> Generator:
        settings = self.settings
        self._set_state(EngineState("loading", f"loading {settings.name}"))
        last = time.monotonic()

        def progress(share: float) -> None:
            nonlocal last
            if time.monotonic() - last >= _PROGRESS_SECONDS:
                last = time.monotonic()
                self._set_state(EngineState("loading", f"loading {settings.name}", share))

        model = weights.borrow(settings.path, gpu_layers=settings.context.gpu_layers, progress=progress)
        try:
            context = LlamaContext(model, settings.context)
        except EngineError:
            weights.give_back(model)
            raise
        generator = Generator(model, context, self.speed, self._governor(), self._shelf(context))
        with self._changed:
            self._context = context
        info = ModelInfo.read(generator, settings.name)
        generator.vocabulary.ends |= set(info.fim.values())
        self._set_state(EngineState("ready", settings.name, 1.0, info))
        return generator

    def _shelf(self, context: LlamaContext) -> Shelf | None:
        settings = self.settings
        if settings.shelf is None or not settings.shelf_bytes or not context.model.rewinds:
            return None
        folder = folder_for(settings.shelf, settings.path, settings.context)
        return Shelf(context, folder, settings.shelf_bytes)

    def _governor(self) -> ThreadGovernor | None:
        """Return what adapts the thread count, unless the user has fixed it or it could not matter."""
        context = self.settings.context
        if not self.settings.adaptive_threads or context.threads <= 1:
            return None
        return ThreadGovernor(context.threads, os.cpu_count() or 1)

    def _fail(self, message: str) -> None:
        with self._changed:
            self._set_state(EngineState("failed", message))
            for job in self._waiting:
                job.resolve(message)
            self._waiting.clear()

    def _loop(self, generator: Generator) -> None:
        replying = False
        while True:
            with self._changed:
                self._running = None
                self._changed.notify_all()  # somebody may wait for the end of what ran
                if replying:
                    self._changed.wait_for(self._is_urgent, _REPLY_SECONDS)
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if self._closing:
                    return
                job = min(self._waiting, key=lambda waiting: (waiting.priority, -waiting.number))
                self._waiting.remove(job)
                self._running = job
                generator.context.resume()
            self._do(generator, job)
            replying = job.priority is Priority.COMPLETION and not job.stopped

    def _is_urgent(self) -> bool:
        """Whether there is something that somebody waits for."""
        return self._closing or any(job.priority is Priority.COMPLETION for job in self._waiting)

    def _do(self, generator: Generator, job: Job) -> None:
        generator.should_stop = lambda: job.stopped or job.yielding
        generator.use_cores(spare=job.priority.is_spare)
        whole = job.priority.is_whole
        job.generation.counts.queued_ms = (time.perf_counter() - job.submitted) * 1000
        try:
            if job.limits is None:
                generator.warm(job.choice, job.generation, passing=job.passing, whole=whole)
                job.generation.reason = WARMED
            else:
                generator.generate(job.choice, job.limits, job.generation, whole=whole)
        except DecodeAborted:
            if not job.stopped and self._requeue(job):
                return
        except EngineError as error:
            job.resolve(str(error))
        except Exception as error:
            log.exception("a job failed")
            job.resolve(f"{type(error).__name__}: {error}")
        job.resolve()

    def _requeue(self, job: Job) -> bool:
        """Put a warm-up that had to make way back, unless a newer one for its document waits."""
        with self._changed:
            newer = any((one.key, one.priority) == (job.key, job.priority) for one in self._waiting)
            if newer or self._closing:
                return False
            job.yielding = False
            self._waiting.append(job)
            return True
