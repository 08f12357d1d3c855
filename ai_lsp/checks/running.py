"""One run of one program over one text, in whatever thread it is called."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from ai_lsp.checks.mirror import mirror
from ai_lsp.checks.tool import Subject, Tool

_NICE = 5
"""The editor and the model come first."""


class Run:
    """A run that another thread may stop."""

    def __init__(self, tool: Tool, subject: Subject, text: str, seconds: float) -> None:
        """Nothing starts before `problems` is called; from there on it may take `seconds`."""
        self._tool, self._subject, self._text, self._seconds = tool, subject, text, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def problems(self) -> int:
        """Return how many problems the program finds.

        Raises ValueError with what went wrong, TimeoutError when there was too little time or it was stopped.
        """
        program = self._tool.program()
        if program is None:
            raise ValueError(f"there is no program {self._tool.command[0]} on the PATH")
        try:
            with tempfile.TemporaryDirectory(prefix="ai-lsp-check-") as folder:
                code, out, errors = self._run(program, Path(folder).resolve())
        except TimeoutError:
            raise
        except OSError as error:
            raise ValueError(str(error)) from error
        return self._tool.problems(code, out.decode("utf-8", "replace"), errors.decode("utf-8", "replace"))

    def stop(self) -> None:
        """End the program with all that it has started; a run that has not begun does not begin. Never waits."""
        self._stopped = True
        if (process := self._process) is not None:
            _kill(process)

    def _run(self, program: str, folder: Path) -> tuple[int, bytes, bytes]:
        subject, copy, project, given = self._subject, None, None, b""
        if self._tool.input == "project":
            copy, project = mirror(subject.root, subject.file, self._text, folder), folder
        elif self._tool.input == "copy":
            copy = folder / subject.file.name
            copy.write_text(self._text, "utf-8", "replace", newline="")
        else:
            given = self._text.encode("utf-8", "replace")
        arguments = [subject.filled(part, copy, project) for part in self._tool.command[1:]]
        with self._started([program, *arguments], project or subject.root) as process:
            try:
                out, errors = process.communicate(given, self._seconds)
            except subprocess.TimeoutExpired as error:
                raise TimeoutError from error
            finally:
                _kill(process)
        if self._stopped:
            raise TimeoutError
        return process.returncode, out, errors

    def _started(self, command: list[str], cwd: Path) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise TimeoutError
        pipe = subprocess.PIPE
        process = self._process = subprocess.Popen(
            command, cwd=cwd, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        if sys.platform != "win32":
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        if self._stopped:  # while it was being started
            _kill(process)
        return process


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
