"""A program in a terminal of its own, and what its screen shows when."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from types import TracebackType

import pyte

ROWS, COLUMNS = 40, 120


class Screen(pyte.Screen):
    """A screen that takes xterm's sequence for keys with modifiers, which Vim sends, for none of colours."""

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        """Set colours and the like, unless the sequence is a private one of the same letter."""
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal:
    """Runs a program in a pseudo-terminal, with a terminal's state kept from what it prints."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        rows: int = ROWS,
        columns: int = COLUMNS,
        folder: str = ".",
    ) -> None:
        """Start the program in `folder`."""
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment | {"TERM": "xterm-256color"})
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, keys: str) -> float:
        """Press keys; return the time at which they were sent."""
        now = time.perf_counter()
        os.write(self._file, keys.encode())
        return now

    def read(self, seconds: float) -> float | None:
        """Take in what is printed next; return when it came, None if nothing did within that time."""
        ready, _, _ = select.select([self._file], [], [], max(0.0, seconds))
        if not ready:
            return None
        printed = os.read(self._file, 65536)
        now = time.perf_counter()
        self._stream.feed(printed)
        return now

    def before_cursor(self) -> str:
        """Return the text from the start of the cursor's line on the screen up to the cursor."""
        cursor = self.screen.cursor
        return str(self.screen.display[cursor.y])[: cursor.x]

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._file)
