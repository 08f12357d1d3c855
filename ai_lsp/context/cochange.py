"""Which files were changed together, by git's history."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from ai_lsp import child

log = logging.getLogger(__name__)

_MOST_COMMITS = 1_000
_MOST_FILES = 20
"""A commit of more files says little of any two of them."""
_SECONDS, _MOST_BYTES = 10.0, 4_000_000
_LEAST_TOGETHER = 2
_DOUBT = 2
"""Commits of a file that are assumed besides those seen, so that a single one proves nothing."""
_COMMIT = "\x01"
_SETTINGS = ("log.showSignature=false", "core.fsmonitor=false", "core.quotePath=false", "protocol.allow=never")
"""No setting of a repository may start a program, and nothing is fetched that a partial clone lacks."""
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


async def git_log(root: Path) -> bytes:
    """Return the files of the latest commits as ``git log`` writes them, for `parse`.

    Takes 10 s and 4 MB at most, at low priority; what is there by then is returned. Nothing without git.
    """
    try:
        command = _command(root)
        if command is None:
            return b""
        process = await child.start(
            *command,
            cwd=root,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except (OSError, RuntimeError) as error:  # no such folder, a loop of links, no processes in this loop
        log.info("no history of %s: %r", root, error)
        return b""
    data = bytearray()
    try:
        await asyncio.wait_for(_read(process, data), _SECONDS)
    except asyncio.TimeoutError:
        log.info("the history of %s is cut at %d bytes: git is slow", root, len(data))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    return bytes(data)


def _command(root: Path) -> list[str] | None:
    git, nice = shutil.which("git"), shutil.which("nice")
    if git is None or Path(git).resolve().is_relative_to(root.resolve()):  # on Windows one in the folder is found
        return None
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    wanted = ["log", "--no-merges", "--no-renames", "--relative", "--name-only", "-z", "--format=%x01"]
    first = [nice, "-n", "19"] if nice is not None and os.name == "posix" else []
    return [*first, git, *settings, *wanted, f"--max-count={_MOST_COMMITS}", "--", "."]


async def _read(process: asyncio.subprocess.Process, data: bytearray) -> None:
    assert process.stdout is not None
    while len(data) < _MOST_BYTES and (piece := await process.stdout.read(1 << 16)):
        data += piece


def parse(output: bytes) -> list[tuple[str, ...]]:
    """Return the files of each commit that says something, paths relative to the folder."""
    commits = output.decode("utf-8", "replace").split(_COMMIT)[1:]
    files = [tuple(name for raw in commit.split("\0") if (name := raw.strip("\n"))) for commit in commits]
    return [some for some in files if 0 < len(some) <= _MOST_FILES]


class CoChange:
    """The histories of the folders that were asked about, each read once. Belongs to the event loop."""

    def __init__(self, read: Callable[[Path], Awaitable[bytes]] = git_log) -> None:
        self._read = read
        self._commits: dict[Path, dict[str, list[tuple[str, ...]]]] = {}
        self._loading: dict[Path, asyncio.Task[None]] = {}

    def related(self, root: Path, path: str) -> Sequence[tuple[str, float]]:
        """Return the files that were changed with `path`, each with how sure that is, 0 to 1, best first.

        Nothing as long as the history is being read; asking begins that.
        """
        if root not in self._commits and root not in self._loading:
            self._loading[root] = asyncio.create_task(self._load(root))
        commits = self._commits.get(root, {}).get(path, [])
        together: dict[str, float] = defaultdict(float)
        times: dict[str, int] = defaultdict(int)
        for files in commits:
            for other in files:
                if other != path:
                    together[other] += 2 / len(files)  # two files alone count in full
                    times[other] += 1
        likely = [
            (other, weight / (len(commits) + _DOUBT))
            for other, weight in together.items()
            if times[other] >= _LEAST_TOGETHER
        ]
        return sorted(likely, key=lambda one: (-one[1], one[0]))

    async def settled(self) -> None:
        """Wait until all histories that were asked for are read."""
        await asyncio.gather(*self._loading.values())

    async def _load(self, root: Path) -> None:
        commits = await asyncio.to_thread(parse, await self._read(root))
        by_file: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for files in commits:
            for name in files:
                by_file[name].append(files)
        self._commits[root] = dict(by_file)
        self._loading.pop(root, None)
