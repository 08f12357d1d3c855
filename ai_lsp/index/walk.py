"""The files of a folder that are worth reading."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Entries = AbstractContextManager[Iterator["os.DirEntry[str]"]]


def is_too_broad(root: Path) -> bool:
    """Whether a folder holds all of a person's files, or more: that is no project."""
    return root == Path(root.anchor) or Path.home().is_relative_to(root)


class Keeps(Protocol):
    """Says what is read, as `Ignore` does."""

    def keeps(self, path: str, *, folder: bool) -> bool:
        """Whether an entry is read; `path` is relative to the root, with ``/``."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One regular file."""

    path: str
    """Relative to the root, with ``/``; bytes that are no UTF-8 are lone surrogates, as `os.fsdecode` has them."""
    size: int
    mtime_ns: int


def walk(
    root: Path, ignore: Keeps, longest: int, scandir: Callable[[str], Entries] = os.scandir, below: str = ""
) -> Iterator[FoundFile]:
    """Yield the files of `root`, or of its folder `below`, of at most `longest` bytes, in the order of names.

    Links are not followed, so that nothing is read twice or from elsewhere. A folder that cannot be listed is
    passed over. Raises OSError when `root` itself cannot be listed.
    """
    with scandir(os.fspath(root)):
        pass
    folders = [below]
    while folders:
        folder = folders.pop()
        try:
            with scandir(os.path.join(root, folder)) as entries:  # noqa: PTH118 - called for every folder
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        before = f"{folder}/" if folder else ""
        inner = []
        for entry in found:
            path = before + entry.name
            if _is_folder(entry):
                if ignore.keeps(path, folder=True):
                    inner.append(path)
            elif ignore.keeps(path, folder=False) and (file := _file(entry, path, longest)):
                yield file
        folders += reversed(inner)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _file(entry: os.DirEntry[str], path: str, longest: int) -> FoundFile | None:
    """Return the entry if it is a regular file that is not too long and has anything in it."""
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        stat = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return FoundFile(path, stat.st_size, stat.st_mtime_ns) if 0 < stat.st_size <= longest else None
