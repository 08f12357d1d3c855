"""Which engine the options ask for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ai_lsp import host
from ai_lsp.completion import prompt
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.worker import EngineState
from ai_lsp.host import EngineHost, default_threads, engine_settings
from ai_lsp.models.store import InstalledModel
from ai_lsp.models.tuning import Tuning
from ai_lsp.options import ModelOptions
from tests.fakes import PLAIN, place

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
        missing.retry()
        assert len(states) == 1
        monkeypatch.setattr(host, "_RETRY_SECONDS", 0.0)
        missing.retry()
        assert len(states) == 2


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
