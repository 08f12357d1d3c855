"""What the builder is told while it works."""

from __future__ import annotations

import os
import queue
import threading

from ai_lsp.index.messages import decode


class Inbox:
    """Requests that came in and were not handled yet, from lines that a thread reads.

    The thread only waits for input; select() would do on POSIX, but not on Windows' pipes.
    """

    def __init__(self) -> None:
        self.closed = False
        """Whether the other side is gone."""
        self.scan = True
        """Whether all files are to be looked at, as they are at the start."""
        self.paths: dict[str, None] = {}
        """Files and folders to look at, in their order."""
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def listen(self, handle: int) -> None:
        """Read lines from a file descriptor until it ends."""
        threading.Thread(target=self._read, args=(handle,), daemon=True, name="inbox").start()

    def put(self, line: bytes | None) -> None:
        """Take one line; None is the end."""
        self._lines.put(line)

    def receive(self, seconds: float | None) -> bool:
        """Take in what has come, waiting for it so long; None is for ever. Returns whether there was any."""
        try:
            self._take(self._lines.get(timeout=seconds))
        except queue.Empty:
            return False
        while not self._lines.empty():
            self._take(self._lines.get())
        return True

    def _take(self, line: bytes | None) -> None:
        if line is None:
            self.closed = True
            return
        message = decode(line)
        self.scan |= message.get("scan") is True
        paths = message.get("update")
        if isinstance(paths, list):
            self.paths.update(dict.fromkeys(path for path in paths if isinstance(path, str)))

    def _read(self, handle: int) -> None:
        rest = b""
        try:
            while data := os.read(handle, 1 << 16):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self.put(line)
        except OSError:
            pass
        self.put(None)
