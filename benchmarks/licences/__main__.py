"""`python -m benchmarks.licences`: copies of real copyleft packages, and ordinary code, through the filter."""

from __future__ import annotations

import fnmatch
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table as Grid

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Filter
from ai_lsp.filters.licence import licence_filter
from ai_lsp.index.schema import path_for
from ai_lsp.licences.match import Match, find
from ai_lsp.licences.settings import Settings
from ai_lsp.licences.store import Store
from ai_lsp.licences.table import Table, newest_path
from ai_lsp.options import LICENCES_ALLOWED
from benchmarks.licences.corpus import Corpus, make
from benchmarks.licences.samples import VARIANTS, Sample, copies, ordinary

Row = tuple[str, float, str, Callable[[float], bool]]


def build(root: Path, folder: Path) -> tuple[float, float, float]:
    """Build the index in its own process; returns seconds, seconds of CPU and the most memory in MB."""
    settings = Settings(allowed=LICENCES_ALLOWED)
    script = (
        "import resource, runpy, sys\n"
        "try:\n    runpy.run_module('ai_lsp.licences', run_name='__main__')\n"
        "finally:\n    used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "    print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)\n"
    )
    began = time.perf_counter()
    arguments = [str(root), "--folder", str(folder), "--settings", settings.to_json()]
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        cpu, memory = process.stderr.read().split()[-2:]
    return time.perf_counter() - began, float(cpu), float(memory) / 1e3


def memory(table: Path, samples: int) -> tuple[float, float]:
    """Return the MB that a table adds to a process that asks it: its own, and those of the file that it maps."""
    script = (
        "import re, sys\nfrom pathlib import Path\nimport numpy as np\nimport ai_lsp.server\n"
        "from ai_lsp.licences.match import find\nfrom ai_lsp.licences.table import Table\n"
        "def used():\n    text = Path('/proc/self/status').read_text()\n"
        "    return [int(re.search(rf'{name}:\\s+(\\d+)', text)[1]) / 1e3 for name in ('RssAnon', 'RssFile')]\n"
        "before = used()\ntable = Table(Path(sys.argv[1]))\nrng = np.random.default_rng(1)\n"
        "for _ in range(int(sys.argv[2])):\n"
        "    list(table.runs(rng.integers(1, 1 << 32, 400, np.uint32), 0, 20))\n"
        "print(*(b - a for a, b in zip(before, used())))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(table), str(samples)], capture_output=True, text=True)
    own, mapped = map(float, done.stdout.split())
    return own, mapped


def is_right(match: Match | None, sample: Sample, licence: str) -> bool:
    """Whether a match names the licence, and a file in which the copied lines are."""
    if match is None or not fnmatch.fnmatchcase(match.licence, licence):
        return False
    text = Path(match.path).read_text("utf-8", "replace")
    return re.sub(r"\s", "", "".join(sample.lines)) in re.sub(r"\s", "", text)


def figures(corpus: Corpus, table: Table, n_copies: int, n_ordinary: int) -> list[Row]:
    """Return name, figure, target and whether it is met."""
    found: list[Match | None] = []

    def copied(text: str, place: Place) -> Match | None:
        found.append(find(text, place, [table]))
        return found[-1]

    run = licence_filter(copied)
    rows: list[Row] = []
    samples = copies(corpus, n_copies, random.Random(7))
    milliseconds: dict[str, list[float]] = {"copy": [], "ordinary": []}
    for name, variant in VARIANTS.items():
        rng = random.Random(8)
        right = 0
        for sample in (variant(sample, rng) for sample in samples):
            milliseconds["copy"].append(_timed(run, sample))
            good = is_right(found[-1], sample, corpus.copyleft[sample.package][1])
            if not good:
                print(f"{name}: {sample.path}: {found[-1]}\n{sample.text}\n", file=sys.stderr)
            right += good
        rows.append((f"copies flagged, {name}, %", 100 * right / len(samples), "100", lambda value: value >= 100))
    flagged = 0
    for sample in ordinary(corpus.ordinary, n_ordinary, random.Random(9)):
        milliseconds["ordinary"].append(_timed(run, sample))
        if found[-1] is not None:
            flagged += 1
            print(f"ordinary: {sample.path}: {found[-1]}\n{sample.text}\n", file=sys.stderr)
    rows.append(("ordinary suggestions flagged, %", 100 * flagged / n_ordinary, "<= 1", lambda value: value <= 1))
    for name, times in milliseconds.items():
        rows.append((f"filter p95, {name}, ms", float(np.percentile(times, 95)), "<= 1", lambda value: value <= 1))
        rows.append((f"filter median, {name}, ms", float(np.median(times)), "", lambda _value: True))
    return rows


def _timed(run: Filter, sample: Sample) -> float:
    """Return the milliseconds of one run, the least of three: others may have wanted the core meanwhile.

    Each is for a place of its own, so that nothing is remembered of the one before.
    """
    times = []
    for n in range(3):
        place = replace(sample.place, prefix=f"{'#' * n}\n{sample.place.prefix}")
        began = time.perf_counter()
        run(sample.text, place)
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


@click.command()
@click.option("--copies", "n_copies", default=100, show_default=True, help="Copied passages of eight lines.")
@click.option("--ordinary", "n_ordinary", default=2000, show_default=True, help="Suggestions that are no copies.")
def main(n_copies: int, n_ordinary: int) -> None:
    """Measure the licence filter; fails when a target is missed."""
    corpus = make()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        seconds, cpu, peak = build(corpus.root, folder)
        again = build(corpus.root, folder)[0]
        path = path_for(corpus.root, folder)
        store = Store(path, replace=False)
        (n_files, n_lines), total = store.counts(), sum(files for _, files, _ in store.licences())
        store.close()
        newest = newest_path(path)
        assert newest is not None
        table = Table(newest)
        own, mapped = memory(newest, 1000)
        rows = figures(corpus, table, n_copies, n_ordinary)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    for name, figure in (
        ("first build, s", seconds), ("first build, s of CPU", cpu), ("build with nothing changed, s", again),
        ("peak memory of the builder, MB", peak), ("index on disk, MB", size),
        ("of which the table that is mapped, MB", table.n_bytes / 1e6),
        ("memory added to the server: its own, MB", own), ("and of the mapped file, MB", mapped),
    ):  # fmt: skip
        rows.append((name, figure, "", lambda _value: True))
    title = f"{n_files:,} of {total:,} files have fingerprints: {n_lines:,} lines of code"
    grid = Grid("what", "figure", "target", title=title)
    for name, figure, target, met in rows:
        grid.add_row(name, f"{figure:.2f}", target, style=None if met(figure) else "red")
    Console().print(grid)
    sys.exit(not all(met(figure) for _, figure, _, met in rows))


if __name__ == "__main__":
    main()
