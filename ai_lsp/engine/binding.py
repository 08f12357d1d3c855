"""llama.cpp's C API, loaded late, kept quiet, and set up for a machine that others use too."""

from __future__ import annotations

import ctypes
import functools
import importlib
import logging
import os
import sys
from collections import deque
from types import ModuleType
from typing import Any

log = logging.getLogger(__name__)

_WARNING, _ERROR = 3, 4  # ggml_log_level
recent_errors: deque[str] = deque(maxlen=20)
"""What llama.cpp last complained about, for error messages a person can use."""

_keep_alive: list[Any] = []


@functools.cache
def llama() -> ModuleType:
    """Load llama-cpp-python's low-level module once; takes a few hundred ms, so never on the event loop.

    Raises `ImportError` when the package or its shared library is missing.
    """
    _be_a_good_neighbour()
    module = importlib.import_module("llama_cpp.llama_cpp")

    callback = module.llama_log_callback(_on_log)
    _keep_alive.append(callback)
    module.llama_log_set(callback, ctypes.c_void_p(0))
    module.llama_backend_init()
    return module


def _be_a_good_neighbour() -> None:
    """Limit how long OpenMP threads spin at a barrier; libgomp reads this once, when it is loaded.

    Its default spins for milliseconds. As soon as another program wants the machine too, the spinning thread
    holds the core that the thread it waits for needs: one token took 2.9 s with two busy cores. 2,000 rounds
    keep the idle speed and take 47 ms then; no rounds at all cost half the idle speed.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")


def _on_log(level: int, text: bytes, _data: Any) -> None:
    line = text.decode("utf-8", "replace").rstrip()
    if level in (_WARNING, _ERROR) and line:
        recent_errors.append(line)
    log.debug("llama.cpp: %s", line)


def native_abort_callback() -> Any:
    r"""Return a C function of the type ``bool (*)(void *)`` that reads its flag without Python.

    llama.cpp calls the abort callback once for every node of the graph. A Python callback would take the
    interpreter's lock a thousand times a token; ``strlen`` has the right shape instead: it gives 0 for the
    buffer ``"\0"`` and 1 for ``"\1\0"``, so the buffer's first byte is the flag.
    """
    libc = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    return ctypes.cast(libc.strlen, llama().ggml_abort_callback)


@functools.cache
def _integers(size: int) -> type[ctypes.Array[ctypes.c_int32]]:
    return ctypes.c_int32 * size


def integers(least: int) -> ctypes.Array[ctypes.c_int32]:
    """Return an array of at least so many integers: ctypes makes a class for each length, so there are few."""
    return _integers(1 << max(least - 1, 1).bit_length())()
