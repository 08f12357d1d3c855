"""The server's end with the real process."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.index.status import Status
from ai_lsp.licences.match import _codes
from ai_lsp.licences.watch import _PATROL_SECONDS, Licences
from ai_lsp.options import FilterOptions
from tests.index.test_client import Watch
from tests.licences.packages import SITE, Workspace, code, wheel, write

# The real process, but with the priority of the tests: the lowest one may get nothing of a busy machine.
COMMAND = (
    sys.executable,
    "-c",
    "from ai_lsp.index import priority; priority.lower = lambda: None\n"
    "from ai_lsp.licences.__main__ import main; main()",
)
PLACE = Place("file:///own.py", "own.py", "python", 1, "", "\n")


def gpl(name: str) -> dict[str, str]:
    return wheel(name, "License: GPL-3.0-only", {f"{name}/{name}.py": code(name)})


def settled(status: Status) -> bool:
    return status.kind in ("ready", "limited", "failed")


async def table_of(licences: Licences, seed: str) -> bool:
    """Wait for what the loop still has to do; return whether code of that seed is kept back."""
    while licences._tasks:
        await asyncio.gather(*licences._tasks)
    return licences.copied(code(seed, 8), PLACE) is not None


async def test_the_whole_way(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one"))
    watch, turns = Watch(), asyncio.Queue[None]()

    async def sleep(seconds: float) -> None:
        if seconds == _PATROL_SECONDS:
            await turns.get()

    licences = Licences(lambda _root, status: watch(status), folder=workspace.folder, command=COMMAND, sleep=sleep)
    licences.use(FilterOptions())
    licences.look_before(PLACE)
    assert licences.copied(code("one", 8), PLACE) is None
    licences.open([workspace.root])
    assert licences.status() == {workspace.root: Status("off")}
    assert (await watch.until(settled)).files == 1
    assert await table_of(licences, "one")
    there = replace(PLACE, prefix=code("one", 4))
    licences.look_before(there)
    known = _codes.cache_info().misses
    assert licences.copied(code("one", 8), there) is not None
    assert _codes.cache_info().misses == known
    file = workspace.root / SITE / "one" / "one.py"
    assert licences.copied(code("one", 8), replace(PLACE, uri=file.as_uri())) is None
    write(workspace.root, gpl("two"))
    os.utime(workspace.root / SITE, ns=(1, 1))
    turns.put_nowait(None)
    assert (await watch.until(settled)).files == 2
    assert await table_of(licences, "two")
    await licences.close()
    assert licences.status() == {}


async def test_it_is_off_when_the_filter_is(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one"))
    licences = Licences(folder=workspace.folder)
    licences.use(FilterOptions(off=("licence",)))
    licences.open([workspace.root])
    assert licences.status() == {}
    await licences.close()
    assert not workspace.folder.exists()


async def test_other_options_build_it_anew(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one"))
    watch = Watch()

    async def sleep(seconds: float) -> None:
        if seconds == _PATROL_SECONDS:
            await asyncio.Event().wait()

    licences = Licences(lambda _root, status: watch(status), folder=workspace.folder, command=COMMAND, sleep=sleep)
    licences.use(FilterOptions())
    licences.open([workspace.root])
    await watch.until(settled)
    licences.use(FilterOptions(licences_allowed=("GPL-*",)))
    await watch.until(lambda status: settled(status) and status.files == 0)
    assert not await table_of(licences, "one")
    licences.use(FilterOptions(off=("licence",)))
    assert licences.status() == {}
    await licences.close()
