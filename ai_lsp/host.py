"""The engine that the options ask for, replaced when they change."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from ai_lsp.engine.jobs import Job
from ai_lsp.engine.llama import ContextSettings
from ai_lsp.engine.speed import Speed
from ai_lsp.engine.worker import EngineSettings, EngineState, Worker
from ai_lsp.models.store import InstalledModel, ModelError, resolve
from ai_lsp.options import ModelOptions

log = logging.getLogger(__name__)

_RETRY_SECONDS = 3.0


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
    return EngineSettings(model.path, model.name, context, options.threads == 0, speed)


def default_threads() -> int:
    """Return a cautious thread count for a model that was never timed here: about one a physical core."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, usable // 2 if usable > 4 else usable)


def _flash_attention(options: ModelOptions, model: InstalledModel) -> str:
    if options.flash_attention != "auto" or model.tuning is None:
        return options.flash_attention
    return "on" if model.tuning.flash_attn else "off"


class EngineHost:
    """Looks like one engine to the pipeline; behind it a worker comes and goes.

    `on_state` is called on whatever thread the news arises.
    """

    def __init__(self, on_state: Callable[[EngineState], None]) -> None:
        self._on_state = on_state
        self._options: ModelOptions | None = None
        self._worker: Worker | None = None
        self._failed_at = 0.0
        self._idle = EngineState("loading", "the model is not loaded yet")

    @property
    def state(self) -> EngineState:
        """The state of the current worker."""
        return self._worker.state if self._worker is not None else self._idle

    def use(self, options: ModelOptions) -> None:
        """Load the model that `options` ask for, unless it is the one that is there. Returns at once."""
        if options == self._options and self.state.kind != "failed":
            return
        self._options = options
        old, self._worker = self._worker, None
        if old is not None:
            threading.Thread(target=old.close, name="ai-lsp old engine", daemon=True).start()
        try:
            settings = engine_settings(options, resolve(options.name))
        except ModelError as error:
            self._failed_at = time.monotonic()
            self._idle = EngineState("failed", str(error))
            self._on_state(self._idle)
            return
        self._worker = Worker(settings, self._report)
        self._worker.start()

    def retry(self) -> None:
        """Try again to load a model that failed, now and then: it may have been pulled or mended meanwhile."""
        if self.state.kind == "failed" and self._options and time.monotonic() - self._failed_at > _RETRY_SECONDS:
            self._failed_at = time.monotonic()
            self.use(self._options)

    def submit(self, job: Job) -> Job:
        """Queue `job` with the current worker."""
        if self._worker is None:
            job.resolve(self.state.message)
            return job
        return self._worker.submit(job)

    def stop(self, job: Job, *, now: bool = True) -> None:
        """Stop `job`, if the current worker has it; see `Worker.stop`."""
        if self._worker is not None:
            self._worker.stop(job, now=now)

    def close(self) -> None:
        """Stop the worker and wait for it."""
        if self._worker is not None:
            self._worker.close()

    def _report(self, state: EngineState) -> None:
        if state.kind == "failed":
            self._failed_at = time.monotonic()
        self._on_state(state)
