"""What each editor's configuration needs: the one place for these texts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

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


def _lua(texts: Sequence[str]) -> str:
    return "{ " + ", ".join(json.dumps(text) for text in texts) + " }"


def _nvim_path(machine: Machine) -> Path:
    if machine.env.get("LOCALAPPDATA"):
        return Path(machine.env["LOCALAPPDATA"], "nvim", "plugin", "ai_lsp_setup.lua")
    name = machine.env.get("NVIM_APPNAME") or "nvim"
    return machine.config_home / name / "plugin" / "ai_lsp_setup.lua"


def _nvim(machine: Machine, _others: str) -> str:
    command = _lua([*machine.server, "serve"])
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
    command = " ".join(json.dumps(text) for text in [*machine.server, "serve"])
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
