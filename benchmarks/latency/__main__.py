"""`python -m benchmarks.latency`: the latency benchmark; `make bench` and `make bench-ci` call it."""

from __future__ import annotations

import asyncio
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from benchmarks.latency import baseline, contest, corpus, report, scenarios, tables, traces
from benchmarks.latency.contest import Contest, Say
from benchmarks.latency.figures import Figures, Run
from benchmarks.latency.keys import Keys
from benchmarks.latency.replay import say_on_stderr
from benchmarks.latency.scenarios import busy, cancel, depth
from benchmarks.latency.summary import Summary
from benchmarks.names import Names

OUT = Path(__file__).parents[1] / "out"


@dataclass(frozen=True)
class Sizes:
    """How much the scenarios do."""

    depth_rounds: int
    cancels: int
    busy_keystrokes: int


@click.command()
@click.option("--keystrokes", default=400, show_default=True, help="Events of the trace, at least.")
@click.option("--seed", default=1, show_default=True, help="Seed of the trace.")
@click.option("--model", default="smollm2-135m", show_default=True, help="Name or file of the model.")
@click.option("--peers", type=Names(contest.PEERS), default="plain,llama-server", show_default=True)
@click.option("--peer-segments", type=int, help="Let peers replay so many segments of 60 only; default: all.")
@click.option("--scenarios", "wanted", type=Names(scenarios.NAMES), default=",".join(scenarios.NAMES),
              show_default=True)  # fmt: skip
@click.option("--depth-rounds", default=3, show_default=True, help="Pairs of lines typed in each of two files.")
@click.option("--cancels", default=100, show_default=True, help="Requests to cancel.")
@click.option("--busy-keystrokes", default=200, show_default=True, help="Events with all cores busy, at most.")
@click.option("--no-cancel", is_flag=True, help="Ask as Neovim does, without cancelling.")
@click.option("--check", is_flag=True, help="Compare counts with the baseline; exit 1 when one is worse.")
@click.option("--update-baseline", is_flag=True, help="Write the baseline where counts became better.")
def main(
    keystrokes: int,
    seed: int,
    model: str,
    peers: tuple[str, ...],
    peer_segments: int | None,
    wanted: tuple[str, ...],
    depth_rounds: int,
    cancels: int,
    busy_keystrokes: int,
    no_cancel: bool,
    check: bool,
    update_baseline: bool,
) -> None:
    """Replay typing against the server and its peers, and report."""
    sizes = Sizes(depth_rounds, cancels, busy_keystrokes)
    of = Contest(model, corpus.workspace(), seed, peers, peer_segments, not no_cancel)
    run = asyncio.run(_measure(of, keystrokes, wanted, sizes))
    about = {
        "model": model,
        "keystrokes": str(len(run.of("ai-lsp"))),
        "seed": str(seed),
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
    }
    summary = Summary.of(run, about)
    tables.print_all(summary, Console())
    report.write(OUT, summary)
    click.echo(f"Written to {OUT}: latency.json, latency.png, latency.html, keys.jsonl")
    if run.complaints:
        raise click.ClickException("\n".join(run.complaints))
    _settle(summary.figures, check=check, update=update_baseline)


async def _measure(of: Contest, keystrokes: int, wanted: tuple[str, ...], sizes: Sizes) -> Run:
    say = say_on_stderr()
    files = corpus.load()
    events = traces.generate(files, keystrokes, of.seed)
    seconds = sum(event.gap for event in events)
    say(f"{len(events)} events of {seconds:.0f} s for each of {', '.join(['ai-lsp', *of.peers])}")
    run = await contest.run(of, files, events, say, Keys(OUT / "keys.jsonl"))
    run.scenarios = await _scenarios(of, files, events, run, wanted, sizes, say)
    return run


async def _scenarios(
    of: Contest,
    files: list[corpus.File],
    events: list[traces.Event],
    run: Run,
    wanted: tuple[str, ...],
    sizes: Sizes,
    say: Say,
) -> Figures:
    found: Figures = {}
    if "depth" in wanted:
        found |= await depth.run(of.ours(), files, sizes.depth_rounds, of.seed, say)
    if "cancel" in wanted:
        found |= await cancel.run(of.model, files, sizes.cancels, of.seed, say)
    if "busy" in wanted:
        again, idle = events[: sizes.busy_keystrokes], run.of("ai-lsp")[: sizes.busy_keystrokes]
        found |= await busy.run(of.ours(), files, again, idle, say)
    return found


def _settle(figures: Figures, *, check: bool, update: bool) -> None:
    """Update the baseline or hold the run against it, as told."""
    if update:
        baseline.update(figures)
    if not check:
        return
    if worse := baseline.problems(figures, baseline.read()):
        raise click.ClickException("worse than it may be:\n  " + "\n  ".join(worse))
    click.echo("no count is worse than the baseline, and no ratio out of bounds")


if __name__ == "__main__":
    main()
