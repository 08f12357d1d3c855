"""Builds the index in its own process, changes a file, and asks questions."""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.context.similar import SimilarCode
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document
from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.reader import Index
from ai_lsp.index.schema import path_for
from ai_lsp.index.settings import Settings
from ai_lsp.index.status import Status
from ai_lsp.index.tokens import tokens

_ABOVE, _SHOWN = 12, 60


@dataclass(frozen=True)
class Figures:
    """Seconds, bytes and milliseconds."""

    lines: int
    build_seconds: float
    peak_bytes: int
    index_bytes: int
    text_bytes: int
    update_seconds: float
    again_seconds: float
    query_ms: list[float]
    find_ms: list[float]


class _Ready:
    def __init__(self) -> None:
        self.status = Status("off")
        self.event = asyncio.Event()

    def __call__(self, status: Status) -> None:
        self.status = status
        if status.kind != "building":
            self.event.set()

    async def wait(self) -> float:
        began = time.perf_counter()
        self.event.clear()
        await self.event.wait()
        return time.perf_counter() - began


async def measure(root: Path, folder: Path, text_bytes: int, queries: int) -> Figures:
    """Return the figures for the repository at `root`, whose index goes to `folder`."""
    ready = _Ready()
    builder = IndexBuilder(root, Settings(), ready, folder=folder)
    watch = asyncio.create_task(_peak_memory())
    builder.start()
    build = await ready.wait()
    watch.cancel()
    peak = await watch
    lines, index = ready.status.lines, path_for(root, folder)
    size = sum(
        Path(f"{index}{suffix}").stat().st_size for suffix in ("", "-wal") if Path(f"{index}{suffix}").exists()
    )
    query_ms, find_ms = await _ask(root, folder, queries)
    changed = max(root.rglob("*.py"), key=lambda path: path.stat().st_size)
    changed.write_text("import changed\n" + changed.read_text("utf-8"), "utf-8")
    builder.update([changed])
    update = await ready.wait()
    await builder.stop()
    builder = IndexBuilder(root, Settings(), ready, folder=folder)
    builder.start()
    again = await ready.wait()
    await builder.stop()
    return Figures(lines, build, peak, size, text_bytes, update, again, query_ms, find_ms)


async def _peak_memory() -> int:
    """Watch the child processes' resident memory until cancelled; returns the largest, in bytes."""
    peak = 0
    try:
        while True:
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    text = status.read_text()
                except OSError:
                    continue
                fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
                if fields["PPid"] == str(os.getpid()) and "VmHWM" in fields:
                    peak = max(peak, int(fields["VmHWM"].split()[0]) * 1024)
            await asyncio.sleep(0.2)
    except asyncio.CancelledError:
        return peak


async def _ask(root: Path, folder: Path, count: int) -> tuple[list[float], list[float]]:
    """Return how long the index took for each question, and how long the whole source took."""
    index = Index.open(root, folder)
    source = SimilarCode(lambda _root: index)
    files = [path for path in sorted(root.rglob("*.py")) if path.stat().st_size > 4_000]
    dice = random.Random(1)
    query_ms, find_ms = [], []
    for _ in range(count):
        path = dice.choice(files)
        lines = path.read_text("utf-8").split("\n")
        at = dice.randrange(_ABOVE, len(lines))
        query = _query(root, path, lines, at)
        terms = dict.fromkeys(tokens("\n".join(lines[at - _ABOVE : at])), 1.0)
        began = time.perf_counter()
        index.similar(terms, 16)
        query_ms.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        await source.find(query)
        find_ms.append(1000 * (time.perf_counter() - began))
    index.close()
    return query_ms, find_ms


def _query(root: Path, path: Path, lines: list[str], at: int) -> Query:
    name = path.relative_to(root).as_posix()
    half = lines[at][: len(lines[at]) // 2]
    prefix = "\n".join([*lines[max(0, at - _SHOWN) : at], half])
    place = Place(path.as_uri(), name, "python", 1, prefix, "\n".join(lines[at + 1 : at + 20]), at)
    return Query(place, Document(path.as_uri(), "\n".join(lines), version=1, language_id="python"), root, path)
