from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_lsp.cli import main
from ai_lsp.doctor import licences as check
from ai_lsp.licences import settings
from ai_lsp.options import FilterOptions
from tests.licences.packages import SITE, Workspace, code, wheel


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(settings, "default_folder", lambda: tmp_path / "index")
    one = wheel("one", "License: GPL-3.0-only", {"one/a.py": code("a")})
    return Workspace(tmp_path, one, wheel("two", "License: MIT", {"two/b.py": code("b")}))


def run(*arguments: str, text: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(main, ["licences", *arguments], input=text)
    return result.exit_code, result.output


def test_build_list_and_check(workspace: Workspace) -> None:
    root = ("--root", str(workspace.root))
    assert run("list", *root)[0] == 1
    assert "run `ai-lsp licences build`" in run("check", *root, "-")[1]
    code_, said = run("build", *root)
    assert code_ == 0
    assert said.endswith("ready: 1 files, 12 lines\n")
    rows = [line.split() for line in run("list", *root)[1].splitlines()]
    assert rows[:2] == [["1", "kept", "back", "GPL-3.0-only"], ["1", "allowed", "MIT"]]
    file = workspace.root / SITE / "one/a.py"
    passage = "x = 1\n" + code("a", 8)
    said_of_it = f"-:2: 8 lines (64 tokens) as in {file}:1 (one 1.0, GPL-3.0-only)\n"
    assert run("check", *root, "--language", "python", "-", text=passage) == (1, said_of_it)
    assert run("check", *root, str(file)) == (0, "")
    assert run("check", *root, str(workspace.root / SITE / "two/b.py")) == (0, "")


def test_build_says_when_the_filter_is_off(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_LSP_FILTERS_OFF", "licence")
    exit_code, said = run("build", "--root", str(workspace.root))
    assert exit_code == 1
    assert "switched off" in said


def test_the_doctor_says_what_is_known(workspace: Workspace) -> None:
    options = FilterOptions()
    assert "no index" in check.index(workspace.root, options, workspace.folder).finding
    workspace.build()
    assert check.index(workspace.root, options, workspace.folder).finding.startswith("1 files with 12 lines")
    assert "off" in check.index(workspace.root, FilterOptions(off=("licence",)), workspace.folder).finding
    workspace.path.write_bytes(b"no database, but long enough to be looked at as one" * 40)
    found = check.index(workspace.root, options, workspace.folder)
    assert (found.state, found.mend) == ("warning", f"delete {workspace.path}; it is built anew")
