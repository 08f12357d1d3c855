"""What each editor's configuration needs: the one place for these texts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_CHECKOUT = Path(__file__).parents[2]
_LANGUAGES = ("python", "typescript", "javascript", "go", "rust", "c", "cpp", "java", "ruby", "lua")
_HELIX_SERVERS = {
    "python": ("ty", "ruff", "jedi", "pylsp"),
    "typescript": ("typescript-language-server",),
    "javascript": ("typescript-language-server",),
    "go": ("gopls", "golangci-lint-lsp"),
    "rust": ("rust-analyzer",),
    "c": ("clangd",),
    "cpp": ("clangd",),
    "java": ("jdtls",),
    "ruby": ("ruby-lsp", "solargraph"),
    "lua": ("lua-language-server",),
}
"""Helix's own default servers: a list of ours replaces its list, and `hx --health` prints commands, not names."""


@dataclass(frozen=True)
class Machine:
    """What a recipe may look at."""

    home: Path
    env: Mapping[str, str]
    server: Sequence[str]
    """The command that starts the server, without ``serve``: the full path, since editors have their own PATH."""
    ask: Callable[[Sequence[str]], str]
    """Runs a program and returns what it prints; empty where that fails."""
    editors: Path = _CHECKOUT / "editors"
    """The repository's folder of files for editors; an installed package has none."""

    @property
    def config_home(self) -> Path:
        """The folder of users' configuration files, as the XDG base directories have it."""
        return Path(self.env.get("XDG_CONFIG_HOME") or self.home / ".config")


@dataclass(frozen=True)
class Recipe:
    """How one editor is set up."""

    name: str
    programs: tuple[str, ...]
    """Names of the editor's program; the first that is on the PATH counts."""
    comment: str
    """What starts a comment line in its configuration."""
    path: Callable[[Machine], Path]
    block: Callable[[Machine, str], str]
    """Returns the block, given what others have written in the file."""
    after: str
    """What to do once it is written."""


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(json.dumps(text) for text in texts)


def _lua(texts: Sequence[str]) -> str:
    return f"{{ {_quoted(texts)} }}"


def _nvim_path(machine: Machine) -> Path:
    if machine.env.get("LOCALAPPDATA"):
        return Path(machine.env["LOCALAPPDATA"], "nvim", "plugin", "ai_lsp_setup.lua")
    name = machine.env.get("NVIM_APPNAME") or "nvim"
    return machine.config_home / name / "plugin" / "ai_lsp_setup.lua"


def _nvim_copies(machine: Machine) -> Iterator[Path]:
    """Return copies of the plugin that Neovim loads by itself."""
    name = machine.env.get("NVIM_APPNAME") or "nvim"
    windows = machine.env.get("LOCALAPPDATA")
    data = Path(machine.env.get("XDG_DATA_HOME") or machine.home / ".local" / "share") / name
    folder = Path(windows, f"{name}-data") if windows else data
    return (found.parents[1] for found in folder.glob("site/pack/*/start/*/lua/ai_lsp"))


def _nvim(machine: Machine, _others: str) -> str:
    """Load the plugin where there is one, else set up what Neovim has itself."""
    command = _lua([*machine.server, "serve"])
    copy = next(_nvim_copies(machine), None)
    folder = copy or machine.editors / "nvim"
    if not (folder / "lua" / "ai_lsp").is_dir():
        return _nvim_alone(command)
    lines = [f'  require("ai_lsp").setup({{ cmd = {command} }})']
    if copy is None:
        lines.insert(0, f"  vim.opt.runtimepath:append({json.dumps(str(folder))})")
    return "\n".join([f"if vim.fn.isdirectory({json.dumps(str(folder))}) == 1 then", *lines, "end"])


def _nvim_alone(command: str) -> str:
    return f"""\
if vim.fn.has("nvim-0.12") == 1 then
  vim.lsp.config("ai_lsp", {{ cmd = {command}, filetypes = {_lua(_LANGUAGES)} }})
  vim.lsp.enable("ai_lsp")
  vim.lsp.inline_completion.enable()
  vim.keymap.set("i", "<Tab>", function()
    if not vim.lsp.inline_completion.get() then return "<Tab>" end
  end, {{ expr = true, desc = "Accept the AI suggestion" }})
else
  vim.api.nvim_create_autocmd("FileType", {{
    pattern = {_lua(_LANGUAGES)},
    callback = function()
      vim.lsp.start({{ name = "ai_lsp", cmd = {command}, root_dir = vim.fs.root(0, ".git") }})
    end,
  }})
end"""


def _helix_path(machine: Machine) -> Path:
    if machine.env.get("APPDATA"):
        return Path(machine.env["APPDATA"], "helix", "languages.toml")
    return machine.config_home / "helix" / "languages.toml"


def _helix(machine: Machine, others: str) -> str:
    """Add the server to every language, after the servers that Helix or the user has for it."""
    known = {one.get("name") for one in tomllib.loads(others).get("language", [])}
    command, *args = machine.server
    parts = [f"[language-server.ai-lsp]\ncommand = {json.dumps(command)}\nargs = {json.dumps([*args, 'serve'])}"]
    for language in _HELIX_SERVERS:
        if language in known:
            parts.append(f'# {language} is set above: add "ai-lsp" to its language-servers there.')
            continue
        servers = [*_HELIX_SERVERS[language], "ai-lsp"]
        parts.append(f'[[language]]\nname = "{language}"\nlanguage-servers = {json.dumps(servers)}')
    return "\n\n".join(parts)


def _emacs_path(machine: Machine) -> Path:
    places = [machine.home / ".emacs", machine.home / ".emacs.el", machine.home / ".emacs.d" / "init.el"]
    places.append(machine.config_home / "emacs" / "init.el")
    return next((place for place in places if place.exists()), places[2])


def _emacs(machine: Machine, _others: str) -> str:
    """Load ai-lsp.el where there is one, else say what it would."""
    command = " ".join(json.dumps(text) for text in [*machine.server, "serve"])
    folder = machine.editors / "emacs"
    if not (folder / "ai-lsp.el").exists():
        return _emacs_alone(command)
    return f"""\
(setq ai-lsp-command '({command}))
(unless (locate-library "lsp-mode") ; then in Python's buffers eglot starts this server, and no other
  (setq ai-lsp-eglot-modes '(python-mode))
  (when (fboundp 'completion-preview-mode) ; Emacs 30: ghost text
    (add-hook 'python-mode-hook #'completion-preview-mode)))
(add-to-list 'load-path {json.dumps(str(folder))})
(require 'ai-lsp nil t)"""


def _emacs_alone(command: str) -> str:
    return f"""\
(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection '({command}))
                    :activation-fn (lsp-activate-on {" ".join(f'"{name}"' for name in _LANGUAGES)})
                    :add-on? t
                    :server-id 'ai-lsp)))
(setq lsp-inline-completion-idle-delay 0.2)
(with-eval-after-load 'lsp-inline-completion
  (define-key lsp-inline-completion-active-map (kbd "TAB") #'lsp-inline-completion-accept))
(with-eval-after-load 'eglot
  (unless (locate-library "lsp-mode")
    (add-to-list 'eglot-server-programs '(python-mode . ({command})))))"""


def _vim_path(machine: Machine) -> Path:
    folder = "vimfiles" if machine.env.get("LOCALAPPDATA") else ".vim"
    return machine.home / folder / "plugin" / "ai_lsp_setup.vim"


def _vim(machine: Machine, _others: str) -> str:
    """Load our plugin, which needs ALE. Raises ValueError where there is none."""
    folder = machine.editors / "vim"
    if not folder.is_dir():
        raise ValueError("the plugin for Vim is in ai-lsp's repository alone: clone it and run its ai-lsp")
    return f"""\
let g:ai_lsp_command = [{_quoted([*machine.server, "serve"])}]
execute 'set runtimepath+=' . fnameescape({json.dumps(str(folder))})
runtime plugin/ai_lsp.vim"""


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("nvim", ("nvim",), "--", _nvim_path, _nvim, "Start Neovim again; Tab accepts a suggestion."),
        Recipe("helix", ("hx", "helix"), "#", _helix_path, _helix, "Start Helix again; its menu has suggestions."),
        Recipe(
            "emacs",
            ("emacs",),
            ";;",
            _emacs_path,
            _emacs,
            "Start Emacs again, then M-x lsp or eglot in a file of code.",
        ),
        Recipe("vim", ("vim",), '"', _vim_path, _vim, "Start Vim again; with ALE, Tab accepts."),
    )
}
"""The editors that are set up by a block in a file, by name."""


def this_machine() -> Machine:
    """Return what recipes see here."""
    found = shutil.which("ai-lsp")
    beside = Path(sys.executable).with_name("ai-lsp")
    own = str(beside) if beside.exists() else found
    server = [own] if own else [sys.executable, "-m", "ai_lsp"]
    return Machine(Path.home(), os.environ, server, _ask)


def _ask(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
