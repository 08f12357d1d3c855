"""`python -m benchmarks.security`: time and false alarms of `secrets` and `insecure`, against their targets."""

from __future__ import annotations

import sys

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from ai_lsp.filters.insecure import Insecure
from ai_lsp.filters.secrets import secrets
from benchmarks.quality import corpus
from benchmarks.security.measure import Figures, continuations, measure

_MOST_MS, _MOST_STOPPED = 1.0, 0.005
"""The targets: CPU time of both in ms, 95th percentile, and the share of true continuations that is stopped."""


def table(found: dict[str, Figures]) -> Table:
    """Return one row a language."""
    shown = Table("language", "suggestions", "stopped", "p50 ms", "p95 ms", "by")
    for language, figures in found.items():
        share = figures.stopped.total() / figures.suggestions
        p50, p95 = np.percentile(figures.ms, [50, 95])
        by = ", ".join(f"{count} {name}" for name, count in figures.stopped.most_common())
        shown.add_row(language, str(figures.suggestions), f"{share:.2%}", f"{p50:.2f}", f"{p95:.2f}", by)
    return shown


@click.command()
@click.option("--places", default=2000, show_default=True, help="True continuations a language, at most.")
@click.option("--seed", default=1, show_default=True, help="What the places are drawn with.")
@click.option("--examples", is_flag=True, help="Show every continuation that was stopped.")
def main(places: int, seed: int, examples: bool) -> None:
    """Measure the filters of secrets and insecure code on code of real packages; fails when a target is missed."""
    repositories = corpus.load(corpus.entries())
    sources = [source for repository in repositories for source in repository.sources]
    filters = secrets, Insecure()
    found: dict[str, Figures] = {}
    for language in corpus.LANGUAGES:
        given = list(continuations([one for one in sources if one.language == language], places, seed))
        measure(filters, given[:20])  # compiles the rules of the language
        if given:
            found[language] = measure(filters, given)
    console = Console()
    console.print(table(found))
    for figures in found.values() if examples else ():
        for line in figures.examples:
            console.print(line, markup=False, highlight=False)
    everything = list(found.values())
    slow = float(np.percentile(np.concatenate([figures.ms for figures in everything]), 95))
    stopped = sum(figures.stopped.total() for figures in everything)
    share = stopped / sum(figures.suggestions for figures in everything)
    console.print(f"p95 {slow:.2f} ms of {_MOST_MS}; stopped {share:.3%} of at most {_MOST_STOPPED:.1%}")
    sys.exit(0 if slow <= _MOST_MS and share <= _MOST_STOPPED else 1)


if __name__ == "__main__":
    main()
