"""`python -m benchmarks.quality`: the quality benchmark; `make quality` and `make quality-ci` call it."""

from __future__ import annotations

import asyncio
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from benchmarks.latency.replay import say_on_stderr
from benchmarks.names import Names
from benchmarks.quality import baseline, contestants, corpus, report, triggering
from benchmarks.quality.cases import KINDS, Case, choose
from benchmarks.quality.contestants import Contestant
from benchmarks.quality.journal import Journal
from benchmarks.quality.keystrokes import session as typing_session
from benchmarks.quality.keystrokes import tables as typing_tables
from benchmarks.quality.run import Run
from benchmarks.quality.summary import Summary

OUT = Path(__file__).parents[1] / "out"


class Contestants(click.ParamType[tuple[Contestant, ...]]):
    """Comma-separated contestants, and groups of them."""

    name = "NAMES"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Contestant, ...]:
        """Split the names and replace groups by their members; each contestant takes part once."""
        if isinstance(value, tuple):
            return value
        names: dict[str, None] = {}
        for name in str(value).split(","):
            names.update(dict.fromkeys(contestants.groups().get(name, (name,))))
        try:
            return tuple(contestants.named(name) for name in names)
        except ValueError as error:
            self.fail(f"there is no contestant {str(error)!r}", param, ctx)


@dataclass(frozen=True)
class Sample:
    """Which cases are asked."""

    count: int
    seed: int
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    packages: tuple[str, ...]

    def load(self) -> tuple[list[Case], list[corpus.Repository]]:
        """Fetch the packages and choose the cases."""
        wanted = [entry for entry in corpus.entries() if not self.packages or entry.name in self.packages]
        repositories = corpus.load(wanted)
        found = choose(repositories, self.count, self.seed, kinds=self.kinds, languages=self.languages)
        return found, repositories


FIXED = Sample(baseline.CASES, baseline.SEED, KINDS, corpus.LANGUAGES, baseline.PACKAGES)


@click.command(
    epilog=f"Context sources: {', '.join(contestants.SOURCES)}. Group `ablation`: `none`, `only` each source, "
    "`all` and `without` each source. Group `peers`: `none`, `all` and the three peers."
)
@click.option("--model", default="smollm2-135m", show_default=True, help="Name or file of the model.")
@click.option("--contestants", "chosen", type=Contestants(), default="ablation,peers", show_default=True,
              help="Any of `none`, `all`, `only SOURCE`, `without SOURCE`, `llama.vim`, `continue`, `lsp-ai`, and "
              "the groups `ablation` and `peers`.")  # fmt: skip
@click.option("--cases", "count", default=200, show_default=True, help="Cases, or places to type at.")
@click.option("--seed", default=1, show_default=True, help="Seed of the cases.")
@click.option("--kinds", type=Names(KINDS), default=",".join(KINDS), show_default=True, help="Kinds of cases.")
@click.option("--languages", type=Names(corpus.LANGUAGES), default=",".join(corpus.LANGUAGES), show_default=True,
              help="LSP ids.")  # fmt: skip
@click.option(
    "--packages",
    type=Names([one.name for one in corpus.entries()]),
    help="Names as in packages.toml; default: all.",
)
@click.option(
    "--typing", is_flag=True, help="Type the cases' texts through the real server instead, and count keys."
)
@click.option(
    "--trigger",
    "gate",
    type=click.Choice(["rules", "model"]),
    help="Measure the trigger instead, at each aggressiveness: the rules alone, as if the model were always right "
    "and never silent, or with the model, without context.",
)
@click.option("--resume", is_flag=True, help="Go on where a run of the same sample was broken off.")
@click.option("--write-results", metavar="NAME", help="Write a page that is committed, results/NAME.md.")
@click.option("--check", is_flag=True, help="Compare a small fixed sample with the baseline; exit 1 when worse.")
@click.option("--update-baseline", is_flag=True, help="Write the baseline where that sample became better.")
def main(
    model: str,
    chosen: tuple[Contestant, ...],
    count: int,
    seed: int,
    kinds: tuple[str, ...],
    languages: tuple[str, ...],
    packages: tuple[str, ...] | None,
    typing: bool,
    gate: str | None,
    resume: bool,
    write_results: str | None,
    check: bool,
    update_baseline: bool,
) -> None:
    """Ask for suggestions where people wrote code that the model cannot have seen, and compare.

    Each contestant is asked for the same cases, on the same weights, with the same decoding, stop rules and
    filters. README.md beside this file explains cases, contestants and figures.
    """
    sample = Sample(count, seed, kinds, languages, packages or ())
    if typing:
        _type(model, sample)
        return
    if gate:
        _trigger(model, sample, with_model=gate == "model")
        return
    if check or update_baseline:
        sample, chosen = FIXED, tuple(contestants.named(name) for name in baseline.CONTESTANTS)
    summary = asyncio.run(_ask(model, sample, chosen, resume=resume))
    report.print_all(summary, Console(width=None if os.isatty(1) else 180))
    click.echo(f"Written to {report.write(OUT, summary)}")
    if write_results:
        (report.RESULTS / f"{write_results}.md").write_text(report.page(summary), "utf-8")
    _settle(summary, check=check, update=update_baseline)


async def _ask(model: str, sample: Sample, chosen: tuple[Contestant, ...], *, resume: bool) -> Summary:
    say = say_on_stderr()
    cases, repositories = sample.load()
    say(f"{len(cases)} cases for {', '.join(one.name for one in chosen)}")
    asked = {"model": model, "seed": sample.seed, "cases": [case.id for case in cases]}
    journal = Journal(OUT / f"shown-{Path(model).stem}-{sample.seed}.jsonl", asked, resume=resume)
    results = await Run(model, sample.seed, chosen, say, journal=journal).over(cases, repositories)
    return Summary.of(results, _about(model, sample, len(cases)))


def _about(model: str, sample: Sample, cases: int) -> dict[str, str]:
    return {
        "model": model,
        "cases": str(cases),
        "seed": str(sample.seed),
        "processor": platform.machine(),
        "Python": platform.python_version(),
    }


def _type(model: str, sample: Sample) -> None:
    say = say_on_stderr()
    cases, repositories = sample.load()
    found = asyncio.run(typing_session.run(model, sample.seed, cases, repositories, say))
    typing_tables.print_all(found, Console(width=None if os.isatty(1) else 140))
    path = typing_tables.write(OUT, found, _about(model, sample, len(cases)))
    click.echo(f"Written to {path}")


def _trigger(model: str, sample: Sample, *, with_model: bool) -> None:
    say = say_on_stderr()
    cases, repositories = sample.load()
    say(f"{len(cases)} cases without a trigger")
    outcomes = triggering.perfect(cases)
    if with_model:
        run = Run(model, sample.seed, (contestants.named(contestants.NONE),), say, manual=True)
        outcomes = asyncio.run(run.over(cases, repositories))[contestants.NONE]
    found = triggering.rows(cases, outcomes)
    triggering.print_all(found, Console(width=None if os.isatty(1) else 140))
    about = _about(model if with_model else "none", sample, len(cases))
    click.echo(f"Written to {triggering.write(OUT, found, about)}")


def _settle(summary: Summary, *, check: bool, update: bool) -> None:
    """Update the baseline or hold the run against it, as told."""
    if update:
        baseline.update(summary.figures)
    if not check:
        return
    if worse := baseline.problems(summary.figures, baseline.read()):
        raise click.ClickException("worse than it may be:\n  " + "\n  ".join(worse))
    click.echo("nothing is worse than the baseline")


if __name__ == "__main__":
    main()
