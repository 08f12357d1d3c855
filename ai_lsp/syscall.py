"""System calls of Linux that no C library wraps."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Mapping

_OF_32_BITS = ("i686", "armv7l")


def call(numbers: Mapping[str, int], *arguments: object) -> bool:
    """Make the call that has these `numbers`, by the machine's name; return whether Linux did it.

    It did not where this is no Linux, or a machine without a number.
    """
    number = numbers.get(machine := platform.machine()) if sys.platform == "linux" else None
    if number is None or (ctypes.sizeof(ctypes.c_void_p) == 4) != (machine in _OF_32_BITS):
        return False
    return int(ctypes.CDLL(None).syscall(ctypes.c_long(number), *arguments)) == 0
