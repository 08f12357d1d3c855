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
from benchmarks.index.measure import Figures, measure


def rows(figures: Figures) -> list[tuple[str, float, float]]:
    """Return name, figure and target of everything that is measured; targets are for a million lines."""
    million = figures.lines / 1_000_000
    return [
        ("first indexing, seconds a million lines", figures.build_seconds / million, 120),
        ("peak memory of the builder, MB", figures.peak_bytes / 1e6, 500),
        ("index / text", figures.index_bytes / figures.text_bytes, 2),
        ("query p95, ms", float(np.percentile(figures.query_ms, 95)), 10),
        ("whole source p95, ms", float(np.percentile(figures.find_ms, 95)), 30),
        ("update of the largest file, seconds", figures.update_seconds, 1),
        ("start with nothing changed, seconds a million lines", figures.again_seconds / million, 10),
    ]


@click.command()
@click.option("--lines", default=1_000_000, show_default=True, help="Lines of the repository.")
@click.option("--queries", default=300, show_default=True, help="Questions to the index.")
def main(lines: int, queries: int) -> None:
    """Measure the repository index; fails when a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repository"
        _, n_bytes = corpus.make(root, lines)
        figures = asyncio.run(measure(root, Path(folder) / "index", n_bytes, queries))
    table = Table("what", "figure", "target", title=f"{figures.lines:,} lines, {n_bytes / 1e6:.0f} MB of text")
    missed = False
    for name, figure, target in rows(figures):
        missed |= figure > target
        table.add_row(name, f"{figure:.2f}", f"<= {target:g}", style="red" if figure > target else None)
    Console().print(table)
    sys.exit(missed)


if __name__ == "__main__":
    main()
