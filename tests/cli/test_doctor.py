from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_lsp import doctor
from ai_lsp.cli import main


def findings(root: Path, **env: str) -> tuple[dict[str, dict[str, str]], int]:
    result = CliRunner().invoke(main, ["doctor", "--json", "--root", str(root)], env=env)
    return {row["name"]: row for row in json.loads(result.stdout)}, result.exit_code


def test_a_machine_where_all_is_well(tmp_path: Path) -> None:
    found, code = findings(tmp_path, AI_LSP_CONFIG="")
    assert code == 0
    for name in ("python", "llama-cpp-python", "processor", "configuration", "model", "loading", "editors"):
        assert found[name]["state"] == "ok", found[name]
    assert "a warm key is answered in" in found["speed"]["finding"]


def test_no_model(tmp_path: Path) -> None:
    found, code = findings(tmp_path, AI_LSP_CONFIG="", AI_LSP_MODELS_DIR=str(tmp_path))
    assert (found["model"]["state"], code) == ("error", 1)
    assert found["model"]["mend"] == "ai-lsp models pull smollm2-135m"


def test_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[completion]\ndeadlin_ms = 5\n")
    found, code = findings(tmp_path, AI_LSP_CONFIG=str(file))
    assert (found["configuration"]["state"], code) == ("error", 1)
    assert "did you mean `completion.deadline_ms`" in found["configuration"]["finding"]


def test_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (99.0, 0.0, 0.0))
    assert doctor.load().state == "warning"
