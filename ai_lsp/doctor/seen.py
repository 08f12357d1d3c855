"""Whether one editor is set up to see the server: `ai-lsp doctor --editor NAME`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from ai_lsp.doctor.finding import ERROR, OK, WARNING, Finding
from ai_lsp.setup import files, vscode
from ai_lsp.setup.recipes import RECIPES, Machine, Recipe

EDITORS = (*RECIPES, "vscode")


def sees(editor: str, machine: Machine) -> Iterator[Finding]:
    """Check the editor's program, its configuration, and what it says itself where it can be asked."""
    if editor == "vscode":
        yield from _extension(machine)
        return
    recipe = RECIPES[editor]
    path = machine.env.get("PATH")
    program = next((found for name in recipe.programs if (found := shutil.which(name, path=path))), None)
    if program is None:
        yield Finding(editor, WARNING, f"{recipe.programs[0]} is not on the PATH")
    yield _configuration(recipe, machine)
    server = machine.server[0]
    if Path(server).exists():
        yield Finding("command", OK, server)
    else:
        yield Finding("command", ERROR, f"{server} is not there", "install ai-lsp again")
    if editor == "helix" and program:
        yield _health(machine.ask([program, "--health", "python"]), server)


def _configuration(recipe: Recipe, machine: Machine) -> Finding:
    mend = f"ai-lsp setup {recipe.name}"
    try:
        change = files.setting_up(recipe, machine)
        absent = files.undoing(recipe, machine).diff == ""
    except (OSError, ValueError) as error:
        return Finding(recipe.name, ERROR, f"{recipe.path(machine)}: {error}", "mend that file")
    if absent and "ai-lsp" in change.old:
        return Finding(recipe.name, OK, f"{change.path} speaks of ai-lsp, in words of your own")
    if absent:
        return Finding(recipe.name, ERROR, f"{change.path} does not speak of ai-lsp", mend)
    if change.diff:
        return Finding(recipe.name, WARNING, f"{change.path} was set up otherwise than it would be now", mend)
    return Finding(recipe.name, OK, f"{change.path} is set up")


def _health(said: str, server: str) -> Finding:
    """Read what Helix itself says of its servers for Python; it names them by their commands."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", said)
    line = next((line.strip() for line in plain.splitlines() if server in line), "")
    if line.startswith("✓"):
        return Finding("health", OK, f"Helix finds it for Python: {server}")
    return Finding("health", ERROR, "Helix does not find the server for Python", "ai-lsp setup helix")


def _extension(machine: Machine) -> Iterator[Finding]:
    names = ("code", "codium", "code-server")
    path = machine.env.get("PATH")
    program = next((found for name in names if (found := shutil.which(name, path=path))), None)
    if program is None:
        yield Finding("vscode", WARNING, f"none of {', '.join(names)} is on the PATH")
        return
    if vscode.EXTENSION in machine.ask([program, "--list-extensions"]).split():
        yield Finding("vscode", OK, f"{program} has the extension; its status bar says the rest")
    else:
        yield Finding("vscode", ERROR, f"{program} does not have the extension", "ai-lsp setup vscode")
