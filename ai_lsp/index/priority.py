"""The lowest priority that the system has, for work that nobody waits for."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from ai_lsp import syscall, timeslice

_IOPRIO_SET = {
    "x86_64": 251,
    "aarch64": 30,
    "riscv64": 30,
    "i686": 289,
    "armv7l": 314,
    "ppc64le": 273,
    "s390x": 282,
}
"""Numbers of the system call."""
_WHO_PROCESS, _CLASS_IDLE = 1, 3 << 13


def lower() -> None:
    """Give this process the lowest priority for CPU and disk, as far as the system has such a thing."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        os.nice(19)
    timeslice.ask(timeslice.LONG)
    syscall.call(_IOPRIO_SET, _WHO_PROCESS, 0, _CLASS_IDLE)


def creation_flags() -> int:
    """Return what Windows must be told when the process is made; 0 elsewhere."""
    if sys.platform == "win32":
        return subprocess.IDLE_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
    return 0
