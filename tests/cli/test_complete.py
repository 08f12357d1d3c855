"""`ai-lsp complete` on a real file with the real model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ai_lsp.cli import main

SOURCE = "import os\n\n\ndef size_of(path):\n    return os.path.getsi\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a.py"
    file.write_text(SOURCE)
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["complete", *arguments], env={"AI_LSP_CONFIG": ""})


def test_the_text_alone(path: Path) -> None:
    result = run(f"{path}:5:25")
    assert (result.stdout, result.exit_code) == ("ze(path)\n", 0)


def test_why(path: Path) -> None:
    result = run(f"{path}:5:25", "--why")
    for heading in ("prompt", "model", "filters", "where the time went", "suggestion"):
        assert heading in result.stdout
    assert "def size_of(path):" in result.stdout
    assert "reused from the KV" in result.stdout


def test_json(path: Path) -> None:
    trace = json.loads(run(f"{path}:5:25", "--json").stdout)
    assert (trace["text"], trace["counts"]["reused"]) == ("ze(path)", 0)


def test_nothing_to_suggest(path: Path) -> None:
    result = run(f"{path}:5:25", "--model", "/nowhere/model.gguf")
    assert result.exit_code == 1
    assert "nothing to suggest: cannot read the model file /nowhere/model.gguf" in result.stderr


@pytest.mark.parametrize(
    ("spot", "message"),
    [
        ("a.py", "is not FILE:LINE:COLUMN"),
        ("a.py:0:1", "is not FILE:LINE:COLUMN"),
        ("{path}:99:1", "has only 6 lines"),
        ("nowhere.py:1:1", "there is no file nowhere.py"),
    ],
)
def test_a_bad_place(path: Path, spot: str, message: str) -> None:
    result = run(spot.format(path=path))
    assert result.exit_code != 0
    assert message in result.stderr
