"""What is typed into each editor for its picture."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.models.store import models_dir
from benchmarks.editors.nvim import PLUGIN, PROGRAM
from tests.editors.debian import program

EDITORS = Path(__file__).parents[2] / "editors"
HEADER = "    def withdraw(self, amount):\r"
_NEOVIM = """
vim.opt.runtimepath:prepend("{plugin}")
vim.o.termguicolors, vim.o.number, vim.o.laststatus, vim.o.ruler = true, true, 2, false
vim.o.statusline = " %f%m%=%{{v:lua.require'ai_lsp'.status()}}  %l:%c "
require("ai_lsp").setup({{ cmd = {{ "ai-lsp", "serve" }} }})
"""
_HELIX = """\
theme = "github_dark"
[editor]
idle-timeout = 50
completion-timeout = 50
true-color = true
"""
_VIM = """\
set nocompatible noswapfile shortmess+=c termguicolors background=dark number laststatus=2 statusline=\\ %f%m
set runtimepath^={plugin},{ale}
filetype plugin indent on
syntax on
colorscheme habamax
"""
_LSP_MODE = "root/usr/share/emacs/site-lisp/elpa-src"


@dataclass(frozen=True)
class Scene:
    """One editor on a file, and what is typed there."""

    command: list[str]
    begin: str
    """Keys that go to the end of the file and begin to insert there."""
    keys: list[str]
    """What is pressed then, with a pause after each."""
    done: Callable[[str], bool]
    """Whether the screen has the suggestion."""


def surroundings(home: Path) -> dict[str, str]:
    """Return an environment with nothing of the user's but the models, and `ai-lsp` on its PATH."""
    commands = home / "bin"
    commands.mkdir(exist_ok=True)
    command = commands / "ai-lsp"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ai_lsp "$@" --log-file {home}/log\n')
    command.chmod(0o755)
    own = {f"XDG_{name}_HOME": str(home) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    own |= {"AI_LSP_MODELS_DIR": str(models_dir()), "AI_LSP_CONFIG": str(home / "config.toml")}
    path = f"{commands}:{os.environ['PATH']}"
    return (
        os.environ | own | {"HOME": str(home), "PATH": path, "COLORTERM": "truecolor", "AI_LSP_LOG_LEVEL": "info"}
    )


def log(home: Path) -> str:
    """Return what the server has logged."""
    return (home / "log").read_text() if (home / "log").exists() else ""


def _documented(screen: str) -> bool:
    return '"""' in screen.split("withdraw")[-1]


def _neovim(home: Path) -> Scene:
    setup = home / "setup.lua"
    setup.write_text(_NEOVIM.format(plugin=PLUGIN))
    command = [PROGRAM, "--clean", "-n", "-c", f"luafile {setup}", "-c", "edit account.py"]
    return Scene(command, "Go", [HEADER], _documented)


def _helix(home: Path) -> Scene:
    config = home / "helix"
    config.mkdir()
    (config / "config.toml").write_text(_HELIX)
    (config / "languages.toml").write_text((EDITORS / "helix" / "languages.toml").read_text())
    file = home / "bank" / "account.py"
    file.write_text(file.read_text() + HEADER.replace("\r", "\n        \n"))
    return Scene([*program("helix"), "account.py"], "geA", [*"if am"], lambda screen: " text " in screen)


def _emacs(home: Path) -> Scene:
    packages = Path(program("lsp-mode")[0]).parent / _LSP_MODE
    setup = EDITORS.parent / "tests" / "editors" / "lsp_mode.el"
    (home / "bank" / ".git").mkdir()
    evaluate = (
        f'(progn (setenv "LSP_MODE_PACKAGES" "{packages}") (load-theme (quote wombat) t) (menu-bar-mode -1))'
    )
    command = [*program("emacs"), "-nw", "-Q", "-L", str(EDITORS / "emacs"), "--eval", evaluate, "-l", str(setup)]
    return Scene([*command, "account.py"], "\x1b>", [HEADER], _documented)


def _vim(home: Path) -> Scene:
    run, binary = program("vim")
    setup = home / "vimrc"
    ale = Path(run).parent / "root/usr/share/vim-ale"
    setup.write_text(_VIM.format(plugin=EDITORS / "vim", ale=ale))
    return Scene([run, binary, "-Nu", str(setup), "account.py"], "Go", [HEADER], _documented)


SCENES = {"nvim": _neovim, "helix": _helix, "emacs": _emacs, "vim": _vim}
