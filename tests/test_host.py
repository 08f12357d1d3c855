"""Which engine the options ask for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ai_lsp import host
from ai_lsp.completion import prompt
from ai_lsp.engine.generate import Limits
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.worker import EngineSettings, EngineState, Worker
from ai_lsp.host import EngineHost, default_threads, engine_settings
from ai_lsp.models.store import InstalledModel
from ai_lsp.models.tuning import Tuning
from ai_lsp.options import ModelOptions
from tests.fakes import PLAIN, READY, place

TUNING = Tuning(
    threads=3, threads_batch=4, ubatch=64, flash_attn=True, prefill_tps=500.0, decode_ms=8.0, quant="Q4_0"
)


def installed(tuning: Tuning | None = None) -> InstalledModel:
    path = Path("/models/x.gguf")
    return InstalledModel("x", path, path, "package", "Apache-2.0", "0" * 64, tuning)


class TestSettings:
    def test_as_measured(self) -> None:
        settings = engine_settings(ModelOptions(), installed(TUNING))
        context = settings.context
        assert (context.threads, context.threads_batch, context.ubatch) == (3, 4, 64)
        assert context.flash_attention == "on"
        assert settings.speed is not None
        assert (settings.speed.prefill_ms, settings.speed.decode_ms) == (2.0, 8.0)
        assert settings.adaptive_threads

    def test_what_the_user_says_wins(self) -> None:
        options = ModelOptions(threads=1, ubatch=32, flash_attention="off")
        settings = engine_settings(options, installed(TUNING))
        context = settings.context
        assert (context.threads, context.threads_batch, context.ubatch) == (1, 1, 32)
        assert context.flash_attention == "off"
        assert not settings.adaptive_threads

    def test_never_measured(self) -> None:
        settings = engine_settings(ModelOptions(), installed())
        assert settings.context.threads == default_threads() >= 1
        assert settings.speed is None


class TestFailure:
    @pytest.fixture
    def states(self) -> list[EngineState]:
        return []

    @pytest.fixture
    def missing(self, states: list[EngineState], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> EngineHost:
        monkeypatch.setenv("AI_LSP_MODELS_DIR", str(tmp_path))
        one = EngineHost(states.append)
        one.use(ModelOptions())
        return one

    def test_says_what_to_do(self, missing: EngineHost, states: list[EngineState]) -> None:
        assert [state.kind for state in states] == ["failed"]
        assert "ai-lsp models pull smollm2-135m" in missing.state.message

    def test_jobs_are_answered(self, missing: EngineHost) -> None:
        job = missing.submit(Job("a", prompt.build(place("x"), PLAIN), Priority.WARM_UP))
        assert "models pull" in job.done.result(timeout=1).error

    def test_it_is_tried_again_but_not_at_every_key(
        self, missing: EngineHost, states: list[EngineState], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        missing.wake()
        assert len(states) == 1
        monkeypatch.setattr(host, "_RETRY_SECONDS", 0.0)
        missing.wake()
        assert len(states) == 2


class FakeWorker(Worker):
    """Loads when told and takes as long to close as the test wants."""

    made: ClassVar[list[FakeWorker]] = []

    def __init__(self, settings: EngineSettings, on_state: Callable[[EngineState], None]) -> None:
        super().__init__(settings, on_state)
        self.may_close, self.closed = threading.Event(), threading.Event()
        self.made.append(self)

    def start(self) -> None:
        self.say(self.state)

    def say(self, state: EngineState) -> None:
        self.state = state
        self._on_state(state)

    def close(self, timeout: float = 10.0) -> None:
        assert self.may_close.wait(timeout)
        super().close(timeout)
        self.say(EngineState("closed"))
        self.closed.set()


@pytest.fixture
def states() -> list[EngineState]:
    return []


@pytest.fixture
def workers() -> Iterator[list[FakeWorker]]:
    FakeWorker.made.clear()
    yield FakeWorker.made
    for worker in FakeWorker.made:
        worker.may_close.set()


@pytest.fixture
def model(tmp_path: Path) -> ModelOptions:
    (tmp_path / "x.gguf").write_bytes(b"GGUF")
    return ModelOptions(name=str(tmp_path / "x.gguf"))


@pytest.fixture
def ready(states: list[EngineState], workers: list[FakeWorker], model: ModelOptions) -> EngineHost:
    one = EngineHost(states.append, FakeWorker)
    one.use(model)
    workers[0].say(READY)
    return one


class TestUnloading:
    def test_a_state_of_its_own(self, ready: EngineHost, states: list[EngineState]) -> None:
        ready.unload()
        assert [state.kind for state in states] == ["loading", "ready", "unloaded"]
        assert "it comes back with the next key" in ready.state.message
        assert ready.state.info is None

    def test_the_loop_does_not_wait_and_nothing_more_is_heard(
        self, ready: EngineHost, states: list[EngineState], workers: list[FakeWorker]
    ) -> None:
        ready.unload()
        workers[0].may_close.set()
        assert workers[0].closed.wait(10)
        assert states[-1].kind == "unloaded"

    def test_jobs_before_while_and_after_are_resolved_once(
        self, ready: EngineHost, workers: list[FakeWorker]
    ) -> None:
        resolved: list[str] = []
        choice = prompt.build(place("x"), PLAIN)
        jobs = [Job(name, choice, Priority.WARM_UP) for name in ("before", "while", "late")]
        for job in jobs:
            job.done.add_done_callback(lambda _future, name=job.key: resolved.append(name))
        ready.submit(jobs[0])
        ready.unload()
        ready.submit(jobs[1])
        assert resolved == ["while"]
        workers[0].may_close.set()
        assert workers[0].closed.wait(10)
        ready.stop(jobs[0])
        workers[0].submit(jobs[2])
        assert resolved == ["while", "before", "late"]
        assert "unloaded" in jobs[1].done.result().error

    def test_it_comes_back(self, ready: EngineHost, states: list[EngineState], workers: list[FakeWorker]) -> None:
        ready.unload()
        ready.wake()
        ready.wake()
        assert [state.kind for state in states[2:]] == ["unloaded", "loading"]
        assert len(workers) == 2
        workers[1].say(READY)
        workers[0].may_close.set()
        assert workers[0].closed.wait(10)
        assert ready.state == READY == states[-1]

    def test_there_is_nothing_to_unload_or_to_wake(
        self, states: list[EngineState], workers: list[FakeWorker], model: ModelOptions
    ) -> None:
        one = EngineHost(states.append, FakeWorker)
        one.wake()
        one.unload()
        one.use(model)
        one.unload()
        one.wake()
        assert [state.kind for state in states] == ["loading"]

    def test_the_time_until_then_is_no_reason_to_load_again(
        self, ready: EngineHost, workers: list[FakeWorker], model: ModelOptions
    ) -> None:
        ready.use(replace(model, unload_after_minutes=5.0))
        ready.unload()
        ready.use(replace(model, unload_after_minutes=0.0))
        assert len(workers) == 1
        ready.use(replace(model, context_tokens=512))
        assert len(workers) == 2

    def test_closing_waits_for_what_is_being_unloaded(self, ready: EngineHost, workers: list[FakeWorker]) -> None:
        ready.unload()
        threading.Timer(0.05, workers[0].may_close.set).start()
        ready.close()
        assert workers[0].closed.is_set()


class TestReplacing:
    @pytest.fixture
    def other(self, tmp_path: Path) -> ModelOptions:
        (tmp_path / "y.gguf").write_bytes(b"GGUF")
        return ModelOptions(name=str(tmp_path / "y.gguf"))

    def test_the_old_one_answers_until_the_next_is_ready(
        self, ready: EngineHost, workers: list[FakeWorker], other: ModelOptions, states: list[EngineState]
    ) -> None:
        ready.use(other)
        assert ready.state == READY
        assert [state.kind for state in states[2:]] == ["loading"]
        job = ready.submit(Job("a", prompt.build(place("x"), PLAIN), Priority.COMPLETION, Limits(lambda _: None)))
        assert job in workers[0]._waiting
        loaded = replace(READY, message="other")
        workers[1].say(loaded)
        assert ready.state == loaded
        later = ready.submit(Job("b", prompt.build(place("x"), PLAIN), Priority.WARM_UP))
        assert later in workers[1]._waiting
        assert not job.done.done()
        ready.stop(job)
        assert job.done.done()

    def test_warm_ups_of_the_old_one_are_dropped(
        self, ready: EngineHost, workers: list[FakeWorker], other: ModelOptions
    ) -> None:
        job = ready.submit(Job("a", prompt.build(place("x"), PLAIN), Priority.WARM_UP))
        ready.use(other)
        workers[1].say(READY)
        assert ready.state == READY
        assert job.done.result(10).reason == "stopped"

    def test_one_that_fails_changes_nothing_but_is_told(
        self,
        ready: EngineHost,
        workers: list[FakeWorker],
        model: ModelOptions,
        other: ModelOptions,
        states: list[EngineState],
    ) -> None:
        ready.use(other)
        workers[1].say(EngineState("failed", "no memory"))
        assert states[-1] == EngineState("failed", f"no memory; {model.name} stays in use")
        assert ready.state == READY
        ready.use(other)
        assert len(workers) == 3

    def test_one_that_is_not_there_changes_nothing_but_is_told(
        self, ready: EngineHost, workers: list[FakeWorker], states: list[EngineState]
    ) -> None:
        ready.use(ModelOptions(name="qwen2.5-coder-7b"))
        assert states[-1].kind == "failed"
        assert "ai-lsp models pull qwen2.5-coder-7b" in states[-1].message
        assert ready.state == READY
        assert len(workers) == 1

    def test_a_third_replaces_one_that_is_still_loading(
        self, ready: EngineHost, workers: list[FakeWorker], other: ModelOptions, model: ModelOptions
    ) -> None:
        ready.use(other)
        ready.use(replace(other, context_tokens=512))
        workers[1].say(READY)
        workers[1].may_close.set()
        assert workers[1].closed.wait(10)
        loaded = replace(READY, message="third")
        workers[2].say(loaded)
        assert ready.state == loaded

    def test_without_room_for_both_the_old_one_goes_first(
        self, ready: EngineHost, other: ModelOptions, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(host, "_has_room_for", lambda _path: False)
        ready.use(other)
        assert ready.state.kind == "loading"


def test_the_model_is_replaced_when_the_options_change(tmp_path: Path) -> None:
    settled = threading.Event()
    states: list[EngineState] = []

    def on_state(state: EngineState) -> None:
        states.append(state)
        if state.kind in ("ready", "failed"):
            settled.set()

    one = EngineHost(on_state)
    one.use(ModelOptions(context_tokens=512))
    assert settled.wait(60)
    one.use(ModelOptions(context_tokens=512))
    assert sum(state.kind == "ready" for state in states) == 1
    settled.clear()
    one.use(ModelOptions(context_tokens=1024))
    assert settled.wait(60)
    assert one.state.info is not None and one.state.info.cells == 1024
    one.close()
