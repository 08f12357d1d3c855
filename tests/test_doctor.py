"""Each check on its own, with what it judges written out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_lsp.completion.trace import Trace
from ai_lsp.doctor import editors, machine, model
from ai_lsp.doctor.finding import Finding
from ai_lsp.engine.generation import Counts

AVX2 = "CPU : AVX = 1 | AVX2 = 1 | AVX512 = 0 | LLAMAFILE = 1 | "
GENERIC = "CPU : SSE3 = 1 | AVX = 0 | AVX2 = 0 | "


@pytest.mark.parametrize(
    ("built", "flags", "state", "says"),
    [
        (AVX2, {"avx", "avx2"}, "ok", "the library uses AVX, AVX2, LLAMAFILE"),
        (AVX2, set(), "ok", "the library uses AVX, AVX2, LLAMAFILE"),
        (AVX2, {"avx2", "avx512f"}, "ok", "not AVX512, which the CPU has"),
        (GENERIC, {"avx", "avx2"}, "warning", "not AVX2, which the CPU has"),
        ("CPU : NEON = 1", {"asimd"}, "ok", "the library uses NEON"),
        ("CPU : ", {"asimd"}, "warning", "the library uses no extensions; not NEON, which the CPU has"),
    ],
)
def test_processor(built: str, flags: set[str], state: str, says: str) -> None:
    found = machine.processor(built, flags)
    assert (found.state, found.finding.endswith(says)) == (state, True), found
    assert ("--no-binary llama-cpp-python" in found.mend) == ("which the CPU has" in says)


@pytest.mark.parametrize(
    ("able", "layers", "found"),
    [
        (False, 0, Finding("gpu", "ok", "this build runs on the CPU only")),
        (True, -1, Finding("gpu", "ok", "the build can use one; model.gpu_layers is -1")),
        (
            True,
            0,
            Finding(
                "gpu",
                "ok",
                "the build can use one; model.gpu_layers is 0",
                "model.gpu_layers = -1 puts the whole model there",
            ),
        ),
    ],
)
def test_gpu(able: bool, layers: int, found: Finding) -> None:
    assert machine.gpu(able, layers) == found


@pytest.mark.parametrize(
    ("busy", "state", "says"),
    [
        (0.0, "ok", "other programs use 0.0 of 4 cores"),
        (1.0, "ok", "other programs use 1.0 of 4 cores"),
        (1.1, "warning", "other programs use 1.1 of 4 cores"),
        (None, "ok", "4 cores; how busy they are is not known on this system"),
    ],
)
def test_load(busy: float | None, state: str, says: str) -> None:
    found = machine.load(busy, 4)
    assert (found.state, found.finding) == (state, says)


def test_engine_speed() -> None:
    counts = Counts(evaluated=200, decoded=10, prefill_ms=500.0, decode_ms=125.0)
    assert model.engine_speed(counts) == Finding("engine", "ok", "prefill 400 tokens/s, decode 12.5 ms/token")
    assert model.engine_speed(Counts()).state == "warning"


@pytest.mark.parametrize(
    ("late", "state", "says"),
    [
        (False, "ok", "one key is answered in 98 of 450 ms"),
        (True, "warning", "one key is answered in 98 of 450 ms, cut off by the deadline"),
    ],
)
def test_keystroke(late: bool, state: str, says: str) -> None:
    found = model.keystroke(Trace(1, "", 1, "python", True, late=late, stages={"total": 98.2}), 450)
    assert (found.state, found.finding) == (state, says)


@pytest.mark.parametrize(("fim", "better"), [(True, False), (False, True)])
def test_ability(fim: bool, better: bool) -> None:
    assert bool(model.ability(fim).mend) == better


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(path: Path, prints: str = "") -> None:
    path.write_text(f"#!/bin/sh\necho '{prints}'\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "prints", "says"),
    [
        ("nvim", "NVIM v0.12.4", "0.12.4: ghost text with the plugin in editors/nvim, or built in"),
        ("nvim", "NVIM v0.11.4", "0.11.4: ghost text with the plugin in editors/nvim"),
        ("nvim", "NVIM v0.10.4", "0.10.4: ghost text with the plugin in editors/nvim"),
        ("nvim", "NVIM v0.7.2", "0.7.2: older than any that was tried"),
        ("nvim", "", "version unknown: ghost text with the plugin in editors/nvim, or built in"),
        ("hx", "helix 25.01.1 (e7ac2fcd)", "25.01.1: one entry in the completion menu"),
        ("helix", "helix 24.7", "24.7: older than any that was tried"),
        (
            "emacs",
            "GNU Emacs 30.1",
            "30.1: ghost text with lsp-mode 10, one entry in the completion menu with eglot",
        ),
        ("vim", "VIM - Vi IMproved 9.0 (2022 Jun 28)", "9.0: one entry in the completion menu, with ALE"),
    ],
)
def test_an_editor(programs: Path, name: str, prints: str, says: str) -> None:
    program(programs / name, prints)
    assert list(editors.editors()) == [Finding(name, "ok", says, "how to set it up: docs/editors.md")]


def test_no_editor(programs: Path) -> None:
    says = "none of nvim, hx, helix, emacs, vim, code is on the PATH"
    assert list(editors.editors()) == [Finding("editors", "ok", says)]


def test_an_editor_that_does_not_start(programs: Path) -> None:
    (programs / "vim").write_text("not a program")
    (programs / "vim").chmod(0o755)
    assert [found.finding for found in editors.editors()] == [
        "version unknown: one entry in the completion menu, with ALE"
    ]


def test_vs_code_is_not_run(programs: Path) -> None:
    program(programs / "code", "9.9.9")
    package = programs.parent / "resources" / "app" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": "1.139.1"}))
    assert [found.finding for found in editors.editors()] == [
        "1.139.1: ghost text with the extension in editors/vscode"
    ]


def test_the_command_for_editors(programs: Path) -> None:
    assert editors.command().state == "warning"
    program(programs / "ai-lsp")
    assert editors.command() == Finding("command", "ok", str(programs / "ai-lsp"))
