"""`python -m benchmarks.quality.gate`, which is `make gate`: examples, weights, figures."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from ai_lsp.filters.gate import DEFAULT_MODEL, SHIPPED
from ai_lsp.options import Options
from benchmarks.latency.replay import say_on_stderr
from benchmarks.quality import corpus
from benchmarks.quality.cases import choose
from benchmarks.quality.gate import collect, figures, fit, tables

OUT = Path(__file__).parents[2] / "out"


@click.command()
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help="Name or file of the model.")
@click.option("--cases", "count", default=552, show_default=True, help="Cases, over both halves of the packages.")
@click.option("--seed", default=31, show_default=True, help="Seed of the cases.")
@click.option(
    "--examples",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the examples, to which those that are missing are added; default: one by model and seed in "
    "benchmarks/out. What is collected anew needs a new file.",
)
@click.option("--context/--no-context", default=True, show_default=True, help="Whether prompts have context.")
@click.option("--write", is_flag=True, help="Ship the weights: write them into the package.")
def main(model: str, count: int, seed: int, context: bool, examples: Path | None, write: bool) -> None:
    """Fit the gate's weights for a model on one half of the packages, and report on the other.

    README.md in benchmarks/quality explains cases and figures.
    """
    path = examples or OUT / f"gate-{Path(model).stem}-{seed}{'' if context else '-plain'}.jsonl"
    found = _examples(collect.options_with(model, context=context), count, seed, path)
    training, held_out = fit.halves(found)
    try:
        weights = fit.fit(training)
        judged = figures.judge(held_out, weights)
        times = figures.times(held_out, weights)
        report = tables.Report(figures.curve(judged), figures.calibration(judged), figures.steps(judged), times)
    except ValueError as error:
        raise click.ClickException(f"{error}; ask for more cases with --cases") from error
    about = {"model": model, "seed": seed, "context": context, **_about(training, held_out)}
    tables.print_all(report, Console(width=None if os.isatty(1) else 150))
    click.echo(f"Written to {tables.write(OUT, report, about)}")
    if write:
        fit.write(SHIPPED, model, weights, about)
        click.echo(f"Written to {SHIPPED}")


def _examples(options: Options, count: int, seed: int, path: Path) -> list[collect.Example]:
    say = say_on_stderr()
    repositories = corpus.load(corpus.entries())
    cases = choose(repositories, count, seed, languages=corpus.LANGUAGES)
    path.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(collect.collect(options, seed, cases, repositories, path, say))
    wanted = {case.id for case in cases}
    return [one for one in collect.read(path) if one.id in wanted]


def _about(training: Sequence[collect.Example], held_out: Sequence[collect.Example]) -> dict[str, Any]:
    judged = [one for one in training if one.judged]
    right = sum(one.right for one in judged)
    return {
        "packages": sorted({one.package for one in training}),
        "held out": sorted({one.package for one in held_out}),
        "cases": len(training),
        "suggestions": len(judged),
        "right": right,
        "base rate": round(right / len(judged), 4),
    }


if __name__ == "__main__":
    main()
