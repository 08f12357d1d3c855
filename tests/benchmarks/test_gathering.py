"""The benchmark of gathering, on a repository of a few files."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.index.gathering import gather
from tests.index.repository import write

SOURCES = {"scope", "recent_edits", "definitions", "similar", "open_files", "neighbours", "diagnostics"}


async def test_every_source_is_timed_at_every_place(tmp_path: Path) -> None:
    body = "".join(f"def function_{n}(value):\n    return value + other_{n}\n\n\n" for n in range(60))
    write(tmp_path / "repository", {f"m{n}.py": body for n in range(4)})
    before = sys.getswitchinterval()

    figures = await gather(tmp_path / "repository", tmp_path / "index", 10)

    assert set(figures.sources) == set(figures.busy) == set(figures.work) == SOURCES
    assert {len(ms) for ms in figures.sources.values()} == {len(figures.whole)} == {10}
    assert figures.found["similar"] > 0
    assert sum(figures.work["similar"]) > sum(figures.busy["similar"])
    assert sys.getswitchinterval() == before
