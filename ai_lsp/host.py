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

from platformdirs import user_cache_path

from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.llama import ContextSettings
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.speed import Speed
from ai_lsp.engine.worker import EngineSettings, EngineState, Worker
from ai_lsp.models.store import InstalledModel, ModelError, resolve
from ai_lsp.options import ModelOptions

log = logging.getLogger(__name__)

_RETRY_SECONDS = 3.0
_CLOSE_SECONDS = 10.0
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
    shelf = user_cache_path("ai-lsp", appauthor=False) / "kv"
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


def _retire(worker: Worker) -> None:
    """Close `worker` and collect what is left of it: its vocabulary is in a reference cycle, some 6 MB."""
    worker.close(_CLOSE_SECONDS)
    gc.collect()


_OnState = Callable[[EngineState], None]


class EngineHost:
    """Looks like one engine to the pipeline; behind it a worker comes and goes.

    It belongs to one thread. `on_state` is called on whatever thread the news arises, and never with news of a
    worker that was replaced.
    """

    def __init__(self, on_state: _OnState, make: Callable[[EngineSettings, _OnState], Worker] = Worker) -> None:
        self.precedence = Precedence()
        """Makes chat wait for whatever is asked of this engine."""
        self._on_state = on_state
        self._make = make
        self._lock = threading.Lock()
        self._leaving: threading.Thread | None = None
        self._options: ModelOptions | None = None
        self._worker: Worker | None = None
        self._failed_at = 0.0
        self._idle = EngineState("loading", "the model is not loaded yet")

    @property
    def state(self) -> EngineState:
        """The state of the current worker."""
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
        try:
            settings = engine_settings(options, resolve(options.name))
        except ModelError as error:
            self._failed_at = time.monotonic()
            self._idle = EngineState("failed", str(error))
            self._replace(None)
            self._on_state(self._idle)
            return
        self._replace(worker := self._make(settings, partial(self._report, settings)))
        worker.start()

    def _replace(self, worker: Worker | None) -> None:
        """Put `worker` in the place of the one that is there, which is closed in a thread of its own."""
        with self._lock:
            old, self._worker = self._worker, worker
        if old is not None:
            self._leaving = threading.Thread(target=_retire, args=(old,), name="ai-lsp old engine", daemon=True)
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
        """Stop `job`, if the current worker has it; see `Worker.stop`."""
        if self._worker is not None:
            self._worker.stop(job, now=now)

    def close(self) -> None:
        """Stop the worker, wait for it, and for one that is being closed already."""
        if self._worker is not None:
            self._worker.close(_CLOSE_SECONDS)
        if self._leaving is not None:
            self._leaving.join(_CLOSE_SECONDS)

    def _report(self, settings: EngineSettings, state: EngineState) -> None:
        with self._lock:
            if self._worker is None or self._worker.settings is not settings:
                return
            if state.kind == "failed":
                self._failed_at = time.monotonic()
            self._on_state(state)
