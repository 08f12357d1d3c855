"""`ai-lsp setup` and `ai-lsp doctor --editor`, in a home folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ai_lsp.cli import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("XDG_CONFIG_HOME", "NVIM_APPNAME", "LOCALAPPDATA", "APPDATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=answer)


def test_it_shows_and_asks_first(home: Path) -> None:
    written = home / ".config" / "nvim" / "plugin" / "ai_lsp_setup.lua"
    no = run("setup", "nvim", answer="n\n")
    assert '+  require("ai_lsp").setup(' in no.output
    assert not written.exists()
    assert run("setup", "nvim", "--print").output.startswith(f"--- {written}")
    assert not written.exists()
    assert "To undo it: ai-lsp setup nvim --undo" in run("setup", "nvim", answer="y\n").output
    assert written.exists()
    assert "is set up already" in run("setup", "nvim").output
    assert run("doctor", "--editor", "nvim").exit_code == 0
    run("setup", "nvim", "--undo", "--yes")
    assert not written.exists()
    assert "has nothing of ai-lsp" in run("setup", "nvim", "--undo").output
    assert run("doctor", "--editor", "nvim").exit_code == 1


def test_a_file_that_cannot_be_read(home: Path) -> None:
    (home / ".emacs").write_bytes(b"\xff\xfe")
    failed = run("setup", "emacs", "--yes")
    assert failed.exit_code == 1
    assert ".emacs: " in failed.output


def test_vs_code(home: Path) -> None:
    assert "none of code, codium, code-server is on the PATH" in run("setup", "vscode", "--yes").output
    (home / "bin").mkdir()
    code = home / "bin" / "code"
    code.write_text('#!/bin/sh\necho "$@" > "$HOME/said"\n')
    code.chmod(0o755)
    (home / "x.vsix").touch()
    assert run("setup", "vscode", "--vsix", str(home / "x.vsix"), answer="n\n").output.startswith(str(code))
    assert not (home / "said").exists()
    assert run("setup", "vscode", "--vsix", str(home / "x.vsix"), "--yes").exit_code == 0
    assert (home / "said").read_text() == f"--install-extension {home / 'x.vsix'}\n"
    run("setup", "vscode", "--undo", "--yes")
    assert (home / "said").read_text() == "--uninstall-extension ai-lsp.ai-lsp\n"
    code.write_text("#!/bin/sh\nexit 3\n")
    assert "failed, see above" in run("setup", "vscode", "--undo", "--yes").output
