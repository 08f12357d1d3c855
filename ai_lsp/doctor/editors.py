"""The editors on this machine, and whether they can start the server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ai_lsp.doctor.finding import OK, WARNING, Finding

_MENU = "one entry in the completion menu"
_Shows = list[tuple[tuple[int, ...], str]]
_HELIX: _Shows = [((25, 1), _MENU)]
_SHOWS: dict[str, _Shows] = {
    "nvim": [
        ((0, 12), "ghost text with the plugin in editors/nvim, or built in"),
        ((0, 10), "ghost text with the plugin in editors/nvim"),
    ],
    "hx": _HELIX,
    "helix": _HELIX,
    "emacs": [((28, 1), f"ghost text with lsp-mode 10, {_MENU} with eglot")],
    "vim": [((9,), f"{_MENU}, with ALE")],
    "code": [((1, 91), "ghost text with the extension in editors/vscode")],
}
"""By command: what it shows from which version on, newest first."""


def editors() -> Iterator[Finding]:
    """Name the editors on the PATH, their versions, and what they show."""
    there = {name: path for name in _SHOWS if (path := shutil.which(name))}
    for name, path in there.items():
        version = _code_version(Path(path)) if name == "code" else _printed_version(path)
        finding = f"{version or 'version unknown'}: {_shows(name, version)}"
        yield Finding(name, OK, finding, "how to set it up: docs/editors.md")
    if not there:
        yield Finding("editors", OK, f"none of {', '.join(_SHOWS)} is on the PATH")


def _shows(name: str, version: str) -> str:
    numbers = tuple(map(int, re.findall(r"\d+", version)))
    if not numbers:
        return _SHOWS[name][0][1]
    return next((what for least, what in _SHOWS[name] if numbers >= least), "older than any that was tried")


def _printed_version(path: str) -> str:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(rb"\d+(?:\.\d+)+", done.stdout)
    return found.group().decode() if found else ""


def _code_version(path: Path) -> str:
    """Read VS Code's version from its files: running it might download its server, as it does in WSL."""
    root = path.resolve().parents[1]
    packaged = root / "resources" / "app" / "package.json"
    file = packaged if packaged.is_file() else root / "package.json"
    try:
        return str(json.loads(file.read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def command() -> Finding:
    """Check that editors can start the server by its name."""
    if path := shutil.which("ai-lsp"):
        return Finding("command", OK, path)
    mend = f"add {Path(sys.executable).parent} to the PATH, or give the editor the full path"
    return Finding("command", WARNING, "ai-lsp is not on the PATH, so editors cannot start it by name", mend)
