"""One heap for all threads, with memory for large messages, had before they come.

The first touch of a page costs microseconds on a virtual machine. Opening a file of 2 MB takes 12 MB of new pages,
which alone held the event loop up for 10 ms and more.
"""

from __future__ import annotations

import ctypes
import sys
import threading

_BYTES = 12 << 20
_MMAP_THRESHOLD, _TRIM_THRESHOLD, _ARENA_MAX = -3, -1, -8  # mallopt's names for them
_MOST_MMAP_THRESHOLD = 32 << 20


def share() -> None:
    """Let glibc have one heap for all threads; elsewhere nothing happens.

    Else what the threads have used once stays with each: 20 MB more. It has to come before the first thread: glibc
    decides once how many heaps there may be.
    """
    if (libc := _glibc()) is not None:
        libc.mallopt(_ARENA_MAX, 1)


def touch() -> None:
    """Let glibc keep `_BYTES` of touched memory in its heap; elsewhere nothing happens. Returns at once."""
    if (libc := _glibc()) is None:
        return
    libc.mallopt(_MMAP_THRESHOLD, _MOST_MMAP_THRESHOLD)
    libc.mallopt(_TRIM_THRESHOLD, 2 * _BYTES)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    block = libc.malloc(_BYTES)  # on this thread, whose heap is the one that messages are decoded in
    if block:
        threading.Thread(target=_touch, args=(libc, block), name="ai-lsp heap", daemon=True).start()


def _glibc() -> ctypes.CDLL | None:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    return libc if hasattr(libc, "mallopt") else None


def _touch(libc: ctypes.CDLL, block: int) -> None:
    libc.memset(block, 1, _BYTES)
    libc.free(block)
