"""The text of one file, as far as it is worth indexing."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_LOOKED_AT = 1024
"""Bytes in which a binary file is expected to show a NUL."""
_LONGEST_LINE = 5_000
_LONGEST_MEAN_LINE = 300
"""Characters; a file beyond either is minified, generated or data."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Content:
    """What was read of one file, and what tells whether it has changed since."""

    text: str
    r"""Line ends are ``\n``. Empty for what is not worth indexing: binary, minified or empty."""
    size: int
    mtime_ns: int
    digest: bytes


def read(path: Path, longest: int) -> Content | None:
    """Return what is in a file; None when it cannot be read, is no regular file or has more than `longest` bytes.

    Never waits: a pipe in the place of a file is not opened for good.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > longest:
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(longest + 1)
    except OSError:
        return None
    finally:
        os.close(handle)
    if len(data) > longest:
        return None
    digest = hashlib.blake2b(data, digest_size=12).digest()
    return Content(_worth(decode(data)), status.st_size, status.st_mtime_ns, digest)


def decode(data: bytes) -> str:
    r"""Return the text of a file with ``\n`` as line ends; nothing for a binary one.

    What is not UTF-8 (or, by its first bytes, UTF-16) is read as Latin-1.
    """
    if data.startswith(_UTF16):
        text = data.decode("utf-16", "replace")
    elif b"\0" in data[:_LOOKED_AT]:
        return ""
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def _worth(text: str) -> str:
    lines = text.split("\n")
    usual = len(text) <= _LONGEST_MEAN_LINE * len(lines) or len(text) <= _LONGEST_MEAN_LINE
    return text if usual and max(map(len, lines)) <= _LONGEST_LINE else ""
