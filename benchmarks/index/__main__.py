"""`python -m benchmarks.index`: makes a repository, indexes it, and holds the figures against the targets."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.index import corpus
from benchmarks.index.gathering import Gathering, gather
from benchmarks.index.measure import Figures, measure

_STEP_MS = 5.0


def _p(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent))


def rows(figures: Figures, gathering: Gathering) -> list[tuple[str, float, float]]:
    """Return name, figure and target of everything that is measured; targets are for a million lines."""
    million = figures.lines / 1_000_000
    return [
        ("first indexing, seconds a million lines", figures.build_seconds / million, 120),
        ("peak memory of the builder, MB", figures.peak_bytes / 1e6, 500),
        ("index / text", figures.index_bytes / figures.text_bytes, 2),
        ("query p95, ms", _p(figures.query_ms, 95), 10),
        ("the source similar alone p95, ms", _p(figures.find_ms, 95), 30),
        ("gathering from all sources p95, ms", _p(gathering.whole, 95), 30),
        ("longest step of a source on the event loop, CPU ms", max(map(max, gathering.busy.values())), _STEP_MS),
        ("update of the largest file, seconds", figures.update_seconds, 1),
        ("start with nothing changed, seconds a million lines", figures.again_seconds / million, 10),
    ]


def sources(gathering: Gathering) -> Table:
    """Return what each source took: until its answer came, in CPU time, and at once on the event loop."""
    n_places, n_late = len(gathering.whole), sum(map(bool, gathering.late))
    title = (
        f"{n_places} places, p50 {_p(gathering.whole, 50):.1f} ms; at {n_late} a source came too late for a key"
    )
    table = Table("source", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "longest step", "late", title=title)
    for name, ms in gathering.sources.items():
        work, late = gathering.work[name], sum(name in some for some in gathering.late)
        figures = _p(ms, 50), _p(ms, 95), _p(work, 50), _p(work, 95), max(gathering.busy[name])
        table.add_row(name, *(f"{figure:.1f}" for figure in figures), str(late))
    return table


@click.command()
@click.option("--lines", default=1_000_000, show_default=True, help="Lines of the repository.")
@click.option("--queries", default=300, show_default=True, help="Questions to the index.")
@click.option("--places", default=400, show_default=True, help="Places at which context is gathered.")
def main(lines: int, queries: int, places: int) -> None:
    """Measure the repository index and the gathering of context; fails when a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repository"
        _, n_bytes = corpus.make(root, lines)
        figures = asyncio.run(measure(root, Path(folder) / "index", n_bytes, queries))
        gathering = asyncio.run(gather(root, Path(folder) / "index", places))
    table = Table("what", "figure", "target", title=f"{figures.lines:,} lines, {n_bytes / 1e6:.0f} MB of text")
    missed = False
    for name, figure, target in rows(figures, gathering):
        missed |= figure > target
        table.add_row(name, f"{figure:.2f}", f"<= {target:g}", style="red" if figure > target else None)
    Console().print(table)
    Console().print(sources(gathering))
    sys.exit(missed)


if __name__ == "__main__":
    main()
