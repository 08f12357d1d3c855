"""`ai-lsp index`: shown, removed and rebuilt, in a cache folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ai_lsp.cli import main
from ai_lsp.index import schema
from ai_lsp.index.usage import Usage
from tests.index.repository import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write(tmp_path / "project", {"a.py": "one = 1\ntwo = 2\n", "b.py": "three = 3\n", "skipped.txt": "x\n"})
    write(tmp_path / "project", {".ai-lsp.toml": '[context]\nexclude = ["skipped.txt"]\n'})
    return tmp_path / "project"


def ai_lsp(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["index", *map(str, words)])


def test_the_whole_way(project: Path) -> None:
    assert ai_lsp("list").output.startswith("0 indexes, 0.0 MB, in ")
    assert ai_lsp("rebuild", project).exit_code == 0
    (row,) = json.loads(ai_lsp("list", "--json").output)
    assert (row["folder"], row["files"], row["lines"], row["state"]) == (str(project), 3, 5, "not in use")
    assert row["bytes"] > 0
    shown = ai_lsp("list").output
    assert str(project) in shown
    assert "3 files, 5 lines" in shown
    write(project, {"c.py": "four = 4\n"})
    assert ai_lsp("rebuild", project).exit_code == 0
    assert json.loads(ai_lsp("list", "--json").output)[0]["files"] == 4
    assert f"removed the index of {project}" in ai_lsp("remove", project).output
    assert json.loads(ai_lsp("list", "--json").output) == []


def test_one_in_use_is_left_alone(project: Path) -> None:
    ai_lsp("rebuild", project)
    usage = Usage(schema.path_for(project))
    usage.hold(project)
    assert json.loads(ai_lsp("list", "--json").output)[0]["state"] == "in use"
    for words in (("remove", project), ("rebuild", project)):
        result = ai_lsp(*words)
        assert result.exit_code == 1
        assert f"the index of {project} is in use: close the folder in every editor first" in result.output
    assert "0.0 MB freed" in ai_lsp("remove", "--all").output
    usage.release()
    assert ai_lsp("remove", "--all").exit_code == 0
    assert json.loads(ai_lsp("list", "--json").output) == []


def test_one_of_a_folder_that_is_gone(project: Path) -> None:
    ai_lsp("rebuild", project)
    project.rename(project.with_name("moved"))
    (row,) = json.loads(ai_lsp("list", "--json").output)
    assert row["state"] == "the folder is gone"
    assert "removed the index of" in ai_lsp("remove", "--gone").output


def test_what_there_is_no_index_of(project: Path) -> None:
    assert ai_lsp("remove").exit_code == 2
    result = ai_lsp("remove", project)
    assert (result.exit_code, "there is no index of" in result.output) == (1, True)
