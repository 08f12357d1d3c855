"""Types into Neovim at 20 keys a second and measures each key until it is on the screen."""

from __future__ import annotations

import inspect
import json
import os
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.editors.terminal import COLUMNS, Terminal

PLUGIN = Path(__file__).parents[2] / "editors" / "nvim"
PROGRAM = str(Path(sys.executable).with_name("nvim"))
KEYS_A_SECOND = 20
_LOADING = 8.0
"""Seconds that the server gets to load its model."""
LATE = 0.5
"""Seconds after which a key counts as lost."""

# Nothing may be typed but the keys: no indentation by rules, no comment leaders.
_PLAIN = "setlocal indentexpr= noautoindent nowrap formatoptions="
_WITH = """
vim.opt.runtimepath:prepend({plugin})
require("ai_lsp").setup({{ cmd = vim.json.decode({cmd}) }})
"""


@dataclass
class Session:
    """One stretch of typing. Times are milliseconds."""

    times: list[float] = field(default_factory=list)
    wrong: int = 0
    """Keys after which the screen did not show what was typed."""
    ghosts: int = 0
    """Keys with ghost text on the screen before the next one came."""
    intact: bool = False
    """Whether the file that was written holds what was typed."""


def text(seconds: float) -> str:
    """Return code to type for so long, in lines that fit the screen."""
    source = textwrap.dedent(inspect.getsource(json.decoder) + inspect.getsource(json.encoder))
    lines = [line for line in source.splitlines() if line.isascii() and len(line) < COLUMNS - 40]
    return "\n".join(lines)[: int(seconds * KEYS_A_SECOND)]


def session(seconds: float, *, server: bool) -> Session:
    """Start Neovim, with the plugin and the server or without both, type, write the file and leave."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "typed.py"
        path.write_text("import json\n\n\n")
        setup = Path(folder) / "setup.lua"
        command = [sys.executable, "-m", "ai_lsp", "serve"]
        form = _WITH.format(plugin=repr(str(PLUGIN)), cmd=repr(json.dumps(command)))
        setup.write_text(form if server else "")
        commands = [f"luafile {setup}", "edit", _PLAIN]
        program = [PROGRAM, "--clean", "-n", *(word for one in commands for word in ("-c", one)), str(path)]
        environment = os.environ | {f"XDG_{name}_HOME": folder for name in ("CONFIG", "STATE", "CACHE")}
        with Terminal(program, environment) as terminal:
            while "import json" not in terminal.screen.display[0]:
                terminal.read(1.0)
            _wait(terminal, _LOADING if server else 0.0)
            terminal.send("Go")
            while terminal.screen.cursor.y != 3:
                terminal.read(1.0)
            typed = text(seconds)
            found = _type(terminal, typed)
            terminal.send("\x1b:w\r")
            _wait(terminal, 1.0)
        found.intact = path.read_text() == f"import json\n\n\n{typed}\n"
        return found


def _wait(terminal: Terminal, seconds: float) -> None:
    """Take in what is printed for so long."""
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        terminal.read(left)


def _type(terminal: Terminal, keys: str) -> Session:
    found, line = Session(), ""
    due = time.perf_counter()
    for key in keys:
        line = "" if key == "\n" else line + key
        sent = terminal.send("\r" if key == "\n" else key)
        shown = _until_shown(terminal, line, sent)
        if shown is None:
            found.wrong += 1
        else:
            found.times.append((shown - sent) * 1000)
        due += 1 / KEYS_A_SECOND
        _wait(terminal, due - time.perf_counter())
        cursor = terminal.screen.cursor
        found.ghosts += bool(str(terminal.screen.display[cursor.y])[cursor.x :].strip())
    return found


def _until_shown(terminal: Terminal, line: str, sent: float) -> float | None:
    """Return when the screen showed `line` before the cursor, None if it did not in time."""
    while (left := sent + LATE - time.perf_counter()) > 0:
        came = terminal.read(left)
        if came is not None and terminal.before_cursor() == line:
            return came
    return None
