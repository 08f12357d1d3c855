"""A real editor in a terminal: keys go in, and what is on the screen comes back."""

from __future__ import annotations

import os
import re
import shlex
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from benchmarks.editors.terminal import Terminal
from tests.editors import debian

CONFIG = 'completion.deadline_ms = 10000\ncontext.max_chars = 0\nfilters.off = ["licence"]\n'
"""The server's options in these tests: a busy machine must not make the suggestion late, nor each of them read
all that is installed here for its licences."""
ROWS, COLUMNS = 30, 100
SECONDS = 90.0
ESCAPE, TAB, ENTER, BACKSPACE = "\x1b", "\t", "\r", "\x7f"


@cache
def _found(name: str) -> list[str] | debian.Unavailable:
    """Fetch an editor, once in a run: what cannot be had is not tried again."""
    try:
        return debian.program(name)
    except debian.Unavailable as why:
        return why


def program(name: str) -> list[str]:
    """Return an editor's command line, or leave the test out and say why."""
    found = _found(name)
    if isinstance(found, debian.Unavailable):
        pytest.skip(f"{name} cannot be had: {found}")
    return found


def installed(home: Path) -> str:
    """Put `ai-lsp` where a person has it, with a log in `home`, and return a PATH that has it."""
    commands = home / "bin"
    commands.mkdir()
    command = commands / "ai-lsp"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ai_lsp "$@" --log-file {home}/log\n')
    command.chmod(0o755)
    return f"{commands}:/usr/bin:/bin"


class Screen(Terminal):
    """An editor that a person looks at."""

    def __init__(self, command: list[str], home: Path, **environment: str) -> None:
        """Start it in the folder `work` of a home, with the server on its PATH."""
        own = {"HOME": str(home), "PATH": installed(home), "COLORTERM": "truecolor", "AI_LSP_LOG_LEVEL": "info"}
        self._log = home / "log"
        super().__init__(command, os.environ | own | environment, ROWS, COLUMNS, str(home / "work"))

    @property
    def text(self) -> str:
        """What is on the screen, lines without their ends."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, seen: Callable[[], object]) -> None:
        """Take in what is printed until `seen` holds."""
        end = time.monotonic() + SECONDS
        while not seen():
            assert time.monotonic() < end, self.text
            self.read(0.05)

    def until_shown(self, pattern: str) -> None:
        """Wait until a regular expression is found on the screen."""
        self.until(lambda: re.search(pattern, self.text))

    def shows_within(self, seconds: float, pattern: str) -> bool:
        """Whether a regular expression is found on the screen in so many seconds."""
        end = time.monotonic() + seconds
        while not re.search(pattern, self.text) and time.monotonic() < end:
            self.read(0.05)
        return bool(re.search(pattern, self.text))

    def until_ready(self) -> None:
        """Wait until the server's model is loaded."""
        self.until(lambda: self._log.exists() and "engine ready" in self._log.read_text())

    def type(self, text: str) -> None:
        """Press keys as a person does: each is drawn before the next."""
        for key in text:
            self.send(key)
            while self.read(0.04) is not None:
                pass

    def type_until(self, text: str, pattern: str) -> None:
        """Type, and the last letter again while nothing is offered: most menus then wait for another key."""
        self.type(text)
        for _ in range(8):
            if self.shows_within(3.0, pattern):
                return
            self.type(BACKSPACE + text[-1])
        raise AssertionError(self.text)
