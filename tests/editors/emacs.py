"""Emacs in a terminal, with a file open: its keys, how it is started, and what it has saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.editors.settings import isolated
from tests.editors.terminal import CONFIG, Screen, program
from tests.editors.test_emacs import PLUGIN

START, END, SAVE, UNDO = "\x1b<", "\x1b>", "\x18\x13", "\x1f"
F5, F6, F7, F8 = "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~"
COMMAND, COMPLETE, LEAVE = "\x1bx", "\x1b\t", "\x07"
GHOST = r'\n +"""Return delta."""\n +return self.delta\n'
"""What is suggested for the usual method, below the cursor's line."""


@contextmanager
def opened(home: Path, text: str, script: str, **environment: str) -> Iterator[Screen]:
    """Open a file in Emacs that has loaded one of the scripts beside this file."""
    (home / "work" / ".git").mkdir(parents=True)
    (home / "work" / "a.py").write_bytes(text.encode())
    loaded = str(Path(__file__).with_name(script))
    command = [*program("emacs"), "-nw", "-Q", "-L", str(PLUGIN), "-l", loaded, "a.py"]
    with isolated(home, CONFIG), Screen(command, home, **environment) as screen:
        yield screen


def saved(screen: Screen, home: Path) -> str:
    """Have the file saved, and return what is in it."""
    screen.send(SAVE)
    screen.until_shown("Wrote ")
    return (home / "work" / "a.py").read_bytes().decode()
