"""The engine that the options ask for, replaced when they change."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.llama import ContextSettings
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.speed import Speed
from ai_lsp.engine.worker import EngineSettings, EngineState, Worker
from ai_lsp.folders import cache_folder
from ai_lsp.models.store import InstalledModel, ModelError, resolve
from ai_lsp.options import ModelOptions

log = logging.getLogger(__name__)

_RETRY_SECONDS = 3.0
_CLOSE_SECONDS = 10.0
_FINISH_SECONDS = 5.0
"""How long a model that was replaced may go on with what it was asked for."""
_ROOM = 1.5
"""Memory that a model takes, in sizes of its file, at most."""
_UNLOADED = EngineState("unloaded", "the model is unloaded to save memory; it comes back with the next key")


def engine_settings(options: ModelOptions, model: InstalledModel) -> EngineSettings:
    """Combine what the user asked for with what `models optimise` found out; zeros mean: as it found."""
    tuning = model.tuning
    threads = options.threads or (tuning.threads if tuning else default_threads())
    context = ContextSettings(
        cells=options.context_tokens,
        sequences=options.sequences,
        threads=threads,
        threads_batch=options.threads or (tuning.threads_batch if tuning else threads),
        ubatch=options.ubatch or (tuning.ubatch if tuning else 0),
        flash_attention=_flash_attention(options, model),
        gpu_layers=options.gpu_layers,
    )
    speed = Speed(1000 / tuning.prefill_tps, tuning.decode_ms) if tuning else None
    shelf = cache_folder() / "kv"
    return EngineSettings(
        model.path, model.name, context, options.threads == 0, speed, shelf, options.shelf_mb * 1_000_000
    )


def default_threads() -> int:
    """Return a cautious thread count for a model that was never timed here: about one a physical core."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, usable // 2 if usable > 4 else usable)


def _flash_attention(options: ModelOptions, model: InstalledModel) -> str:
    if options.flash_attention != "auto" or model.tuning is None:
        return options.flash_attention
    return "on" if model.tuning.flash_attn else "off"


def _retire(worker: Worker, finish_seconds: float) -> None:
    """Close `worker` and collect what is left of it: its vocabulary is in a reference cycle, some 6 MB."""
    if finish_seconds:
        worker.finish(finish_seconds)
    worker.close(_CLOSE_SECONDS)
    gc.collect()


def _has_room_for(path: Path) -> bool:
    """Whether a model fits into memory beside what is there; yes where that cannot be known."""
    try:
        words = Path("/proc/meminfo").read_text("ascii").split()
        free = int(words[words.index("MemAvailable:") + 1]) * 1024
        return path.stat().st_size * _ROOM < free
    except (OSError, ValueError, IndexError):
        return True


_OnState = Callable[[EngineState], None]


class EngineHost:
    """Looks like one engine to the pipeline; behind it a worker comes and goes.

    A worker that answers is replaced when the next one has loaded its model, if both fit into memory, and finishes
    what it was asked; if the next one fails it stays.

    It belongs to one thread, and reading `state` is where the next worker takes over: who asks for it and submits
    at once has the same worker for both. `on_state` is called on whatever thread the news arises, and never with
    news of a worker that was replaced.
    """

    def __init__(self, on_state: _OnState, make: Callable[[EngineSettings, _OnState], Worker] = Worker) -> None:
        self.precedence = Precedence()
        """Makes chat wait for whatever is asked of this engine."""
        self._on_state = on_state
        self._make = make
        self._lock = threading.Lock()
        self._leaving: threading.Thread | None = None
        self._options: ModelOptions | None = None
        self._served: ModelOptions | None = None
        self._worker: Worker | None = None
        self._next: Worker | None = None
        self._old: Worker | None = None
        self._failed_at = 0.0
        self._idle = EngineState("loading", "the model is not loaded yet")

    @property
    def state(self) -> EngineState:
        """The state of the current worker, which is the next one as soon as that is ready."""
        if self._next is not None and self._next.state.kind == "ready":
            self._served = self._options
            self._replace(self._next, finish_seconds=_FINISH_SECONDS)
        return self._worker.state if self._worker is not None else self._idle

    def use(self, options: ModelOptions) -> None:
        """Load the model that `options` ask for, unless it is the one in use already. Returns at once."""
        options = replace(options, unload_after_minutes=0.0)
        if options == self._options and self.state.kind != "failed":
            return
        self._options = options
        self._load(options)

    def unload(self) -> None:
        """Give the memory of a loaded model back, until somebody is there again. Returns at once."""
        if self.state.kind == "ready":
            self._idle = _UNLOADED
            self._replace(None)
            self._on_state(self._idle)

    def wake(self) -> None:
        """Load the model again where it was unloaded, and now and then where it failed: it may be mended now."""
        if self._options is None:
            return
        if self.state.kind == "unloaded":
            self._load(self._options)
        elif self.state.kind == "failed" and time.monotonic() - self._failed_at > _RETRY_SECONDS:
            self._failed_at = time.monotonic()
            self._load(self._options)

    def _load(self, options: ModelOptions) -> None:
        answers = self.state.kind == "ready"
        try:
            settings = engine_settings(options, resolve(options.name))
        except ModelError as error:
            self._cannot_load(str(error))
            return
        worker = self._make(settings, partial(self._report, settings))
        if answers and _has_room_for(settings.path):
            self._set_next(worker)
        else:
            self._served = options
            self._replace(worker)
        worker.start()

    def _cannot_load(self, reason: str) -> None:
        """Take note that there is no such model; one that answers stays."""
        self._failed_at = time.monotonic()
        if self.state.kind == "ready":
            self._set_next(None)
            self._options = self._served
            self._on_state(self._staying(reason))
        else:
            self._idle = EngineState("failed", reason)
            self._replace(None)
            self._on_state(self._idle)

    def _staying(self, reason: str) -> EngineState:
        name = self._served.name if self._served is not None else "the old model"
        return EngineState("failed", f"{reason}; {name} stays in use")

    def _set_next(self, worker: Worker | None) -> None:
        """Have `worker` load beside the one that answers; one that was loading is given up."""
        with self._lock:
            old, self._next = self._next, worker
        self._part_with(old, 0.0)

    def _replace(self, worker: Worker | None, *, finish_seconds: float = 0.0) -> None:
        """Put `worker` in the place of the one that is there, which is closed in a thread of its own."""
        with self._lock:
            old, self._worker = self._worker, worker
            given_up = self._next if self._next is not worker else None
            self._next = None
        self._part_with(given_up, 0.0)
        self._part_with(old, finish_seconds)

    def _part_with(self, worker: Worker | None, finish_seconds: float) -> None:
        if worker is not None:
            self._old = worker
            arguments = (worker, finish_seconds)
            self._leaving = threading.Thread(target=_retire, args=arguments, name="ai-lsp old engine", daemon=True)
            self._leaving.start()

    def submit(self, job: Job) -> Job:
        """Queue `job` with the current worker."""
        if self._worker is None:
            job.resolve(self.state.message)
            return job
        self.precedence.begin(now=job.priority is Priority.COMPLETION)
        job.done.add_done_callback(lambda _done: self.precedence.end())
        return self._worker.submit(job)

    def stop(self, job: Job, *, now: bool = True) -> None:
        """Stop `job`, if the current worker or the one before it has it; see `Worker.stop`."""
        for worker in (self._worker, self._old):
            if worker is not None:
                worker.stop(job, now=now)

    def close(self) -> None:
        """Stop the worker, wait for it, and for one that is being closed already."""
        self._set_next(None)
        if self._worker is not None:
            self._worker.close(_CLOSE_SECONDS)
        if self._leaving is not None:
            self._leaving.join(_CLOSE_SECONDS)

    def _report(self, settings: EngineSettings, state: EngineState) -> None:
        with self._lock:
            if self._next is not None and self._next.settings is settings:
                if state.kind == "failed":
                    self._next, self._options = None, self._served
                    state = self._staying(state.message)
            elif self._worker is None or self._worker.settings is not settings:
                return
            if state.kind == "failed":
                self._failed_at = time.monotonic()
            self._on_state(state)
