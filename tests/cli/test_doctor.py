"""`ai-lsp doctor` with real models, files and variables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ai_lsp.cli import main
from ai_lsp.models import bench, store, tuning
from ai_lsp.models.machine import cpu_name, llama_version
from ai_lsp.models.store import Manifest
from ai_lsp.models.tuning import Tuning
from tests.models.fake_hub import make_gguf


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_LSP_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").touch()


@pytest.fixture
def models_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder."""
    home = tmp_path / "models"
    monkeypatch.setenv("AI_LSP_MODELS_DIR", str(home))
    return home


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["doctor", "--root", str(root), *options])


def findings(root: Path) -> tuple[dict[str, dict[str, str]], int]:
    result = run(root, "--json")
    return {row["name"]: row for row in json.loads(result.stdout)}, result.exit_code


def install(content: bytes, name: str = "smollm2-135m", source: str = "pip:x==1") -> Path:
    """Put a model there as `pull` does, and return its file."""
    file = store.model_dir(name) / "tiny.gguf"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    store.register(Manifest(name, "tiny.gguf", source, "MIT", "ab"))
    return file


def test_the_real_model(tmp_path: Path) -> None:
    found, code = findings(tmp_path)
    assert code == 0
    names = ["python", "llama-cpp-python", "processor", "gpu", "load", "configuration", "model", "optimised"]
    names += ["loading", "ability", "engine", "keystroke"]
    assert list(found)[: len(names)] == names
    for name in ("python", "llama-cpp-python", "gpu", "configuration", "model", "loading", "ability"):
        assert found[name]["state"] == "ok", found[name]
    assert "licence Apache-2.0, file whole" in found["model"]["finding"]
    assert found["keystroke"]["finding"].startswith("one key is answered in ")


def test_for_people(tmp_path: Path, models_home: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "error   model            model 'smollm2-135m' is not installed\n" in result.stdout
    assert "                         -> run: ai-lsp models pull smollm2-135m\n" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("1 error, ")


def test_no_model_is_not_loaded(tmp_path: Path, models_home: Path) -> None:
    found, code = findings(tmp_path)
    assert (found["model"]["state"], code) == ("error", 1)
    assert "loading" not in found


def test_an_unknown_model(tmp_path: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_LSP_MODEL_NAME", "smollm-135m")
    model = findings(tmp_path)[0]["model"]
    assert model["finding"] == "no model is called 'smollm-135m'"
    assert model["mend"].startswith("did you mean smollm2-135m")


def test_a_cut_model(tmp_path: Path, models_home: Path) -> None:
    whole = make_gguf()
    file = install(whole[:-1])
    found, code = findings(tmp_path)
    assert (found["model"]["state"], code) == ("error", 1)
    assert found["model"]["finding"] == (
        f"{file} is damaged: the file has {len(whole) - 1:,} of {len(whole):,} bytes"
    )
    assert found["model"]["mend"] == "ai-lsp models pull smollm2-135m --force"
    assert "loading" not in found


def test_a_cut_model_from_elsewhere(tmp_path: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(make_gguf()[:-1], "mine", "hf:owner/repo/tiny.gguf")
    monkeypatch.setenv("AI_LSP_MODEL_NAME", "mine")
    mend = findings(tmp_path)[0]["model"]["mend"]
    assert mend == "ai-lsp models pull hf:owner/repo/tiny.gguf --name mine --force"


def test_a_cut_optimised_copy(tmp_path: Path, models_home: Path) -> None:
    folder = install(make_gguf()).parent
    (folder / "tiny.Q8_0.ai-lsp.gguf").write_bytes(make_gguf()[:-1])
    tuning.save(folder / "tuning.json", Tuning(2, 2, 512, True, 450.0, 11.5, "Q8_0", file="tiny.Q8_0.ai-lsp.gguf"))
    model = findings(tmp_path)[0]["model"]
    assert (model["state"], model["mend"]) == ("error", "ai-lsp models optimise smollm2-135m --force")


def test_a_cut_file_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(make_gguf()[:-1])
    monkeypatch.setenv("AI_LSP_MODEL_NAME", str(file))
    model = findings(tmp_path)[0]["model"]
    assert (model["state"], model["mend"]) == (
        "error",
        "put a whole copy there, or choose another with model.name",
    )


def test_a_whole_file_that_llama_cpp_refuses(tmp_path: Path, models_home: Path) -> None:
    install(make_gguf())
    found, code = findings(tmp_path)
    assert (found["model"]["state"], found["loading"]["state"], code) == ("ok", "error", 1)
    assert found["loading"]["mend"] == "choose another with model.name"


def test_a_model_that_was_never_measured(tmp_path: Path, models_home: Path) -> None:
    install(make_gguf())
    optimised = findings(tmp_path)[0]["optimised"]
    assert (optimised["state"], optimised["finding"]) == ("warning", "never measured on this machine")
    assert optimised["mend"] == "ai-lsp models optimise smollm2-135m"


@pytest.mark.parametrize(("version", "state"), [("", "ok"), (" of another day", "warning")])
def test_a_measured_model(tmp_path: Path, models_home: Path, version: str, state: str) -> None:
    folder = install(make_gguf()).parent
    measured = Tuning(2, 2, 512, True, 450.0, 11.5, "Q4_0", cpu=cpu_name(), llama_cpp=llama_version() + version)
    tuning.save(folder / "tuning.json", measured)
    assert findings(tmp_path)[0]["optimised"]["state"] == state


def test_a_mistake_in_a_file(tmp_path: Path, models_home: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[completion]\ndeadlin_ms = 5\n")
    found, code = findings(tmp_path)
    assert (found["configuration"]["state"], code) == ("error", 1)
    assert found["configuration"]["finding"] == (
        f"unknown option `completion.deadlin_ms` in {file}; did you mean `completion.deadline_ms`?"
    )
    assert found["configuration"]["mend"] == f"edit {file}"


def test_a_file_that_is_not_toml(tmp_path: Path, models_home: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[completion\n")
    configuration = findings(tmp_path)[0]["configuration"]
    assert configuration["finding"].startswith(f"{file} is not valid TOML")
    assert configuration["mend"] == f"edit {file}"


def test_a_mistake_in_the_environment(tmp_path: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_LSP_COMPLETION_DEADLINE_MS", "soon")
    configuration = findings(tmp_path)[0]["configuration"]
    assert configuration["state"] == "error"
    assert configuration["mend"] == "change or unset AI_LSP_COMPLETION_DEADLINE_MS"


def test_options_that_are_set(tmp_path: Path, models_home: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[completion]\ndeadline_ms = 300\n")
    configuration = findings(tmp_path)[0]["configuration"]
    assert configuration["finding"] == f"options set: 1, by {file}; see `ai-lsp config show`"


def test_gpu_layers_without_a_gpu_build(
    tmp_path: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AI_LSP_MODEL_GPU_LAYERS", "-1")
    monkeypatch.setattr("ai_lsp.doctor.machine.offloads", lambda: False)
    assert findings(tmp_path)[0]["gpu"]["state"] == "warning"


def test_a_library_that_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError("No module named 'llama_cpp'")

    monkeypatch.setattr("ai_lsp.engine.binding.llama", missing)
    found, code = findings(tmp_path)
    assert (found["llama-cpp-python"]["state"], code) == ("error", 1)
    assert found["llama-cpp-python"]["finding"] == "cannot be loaded: No module named 'llama_cpp'"
    assert found["model"]["state"] == "ok"
    assert not {"processor", "gpu", "loading"} & set(found)


def test_a_check_that_fails_stops_no_other(
    tmp_path: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> set[str]:
        raise OSError("no")

    monkeypatch.setattr("ai_lsp.doctor.machine.cpu_flags", broken)
    found, _ = findings(tmp_path)
    assert found["processor"]["finding"] == "the check itself failed: OSError: no"
    assert "gpu" in found


def test_a_crash_of_the_library_is_told_instead_of_ending_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = tmp_path / "python"
    crash.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crash.chmod(0o755)
    monkeypatch.setattr(bench.sys, "executable", str(crash))
    found, code = findings(tmp_path)
    assert code == 1
    assert found["loading"]["finding"] == "llama.cpp crashed with signal 11 as soon as it evaluates a prompt"
    assert "make install" in found["loading"]["mend"]
    assert "command" in found, "no check after it is left out"
