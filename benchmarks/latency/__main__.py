"""`python -m benchmarks.latency`: the latency benchmark; `make bench` and `make bench-ci` call it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from ai_lsp.host import engine_settings
from ai_lsp.models.store import resolve
from ai_lsp.options import ModelOptions
from benchmarks.latency import corpus, report, traces
from benchmarks.latency.busy import compiling
from benchmarks.latency.limit import Limit
from benchmarks.latency.ours import Ours
from benchmarks.latency.peers import Peer
from benchmarks.latency.replay import Answer, replay

OUT = Path(__file__).parents[1] / "out"
BASELINE = Path(__file__).parent / "baseline.json"
SEGMENT = 60
"""Events of a trace that one contestant replays before the next one's turn."""


@click.command()
@click.option("--keystrokes", default=600, show_default=True, help="Events of the trace, at least.")
@click.option("--seed", default=1, show_default=True, help="Seed of the trace.")
@click.option("--model", default="smollm2-135m", show_default=True, help="Name or file of the model.")
@click.option("--peers", default="plain,llama-server", show_default=True, help="Comma-separated, or none.")
@click.option("--no-cancel", is_flag=True, help="Ask as Neovim does, without cancelling.")
@click.option("--busy", is_flag=True, help="Keep every core busy with a C++ compiler meanwhile.")
@click.option("--check", is_flag=True, help="Compare the counts with the baseline; exit 1 when one is worse.")
@click.option("--update-baseline", is_flag=True, help="Write the baseline where counts became better.")
def main(
    keystrokes: int,
    seed: int,
    model: str,
    peers: str,
    no_cancel: bool,
    busy: bool,
    check: bool,
    update_baseline: bool,
) -> None:
    """Replay typing against the server and its peers, and report."""
    files = corpus.load()
    events = traces.generate(files, keystrokes, seed)
    wanted = [] if peers == "none" else peers.split(",")
    with compiling(enabled=busy):
        answers, limit, extra = asyncio.run(_run(files, events, model, wanted, cancels=not no_cancel))
    results = {name: report.rows(found) for name, found in answers.items()}
    ours = answers["ai-lsp"]
    figures = {**report.counts(ours), **_figures(ours, answers, limit), **extra}
    report.print_tables(results, figures)
    times = {name: [one.ms for one in found if not one.cancelled] for name, found in answers.items()}
    report.write(OUT, results, figures, times)
    if update_baseline:
        _update(figures)
    if check:
        _check(figures)


async def _run(
    files: list[corpus.File], events: list[traces.Event], model: str, wanted: list[str], *, cancels: bool
) -> tuple[dict[str, list[Answer]], Limit, dict[str, Any]]:
    found = resolve(model)
    settings = engine_settings(ModelOptions(name=model), found).context
    limit = Limit(found.path, settings, files)
    ours = Ours(model, cancels=cancels)
    contestants: list[Any] = [ours]
    contestants += [
        Peer(kind, kind, found.path, settings.threads, disconnects=kind == "llama-server") for kind in wanted
    ]
    answers: dict[str, list[Answer]] = {one.name: [] for one in contestants}
    for one in contestants:
        await one.start(files)
    for at in range(0, len(events), SEGMENT):
        for one in contestants:
            answers[one.name] += await replay(one, events[at : at + SEGMENT])
            limit.sample()
    delays = await ours.loop_delay_ms()
    extra = {"rss_mb": ours.rss_mb(), "idle_command_p95_ms": report.percentile(delays, 0.95)}
    for one in contestants:
        await one.stop()
    return answers, limit, extra


def _figures(ours: list[Answer], answers: dict[str, list[Answer]], limit: Limit) -> dict[str, Any]:
    mine = report.Row.of("all", ours)
    ratios = report.warm_ratio(ours, limit.ms)
    engine = [one for one in ours if one.trace.get("counts", {}).get("prompt")]
    figures: dict[str, Any] = {
        "bare_token_ms": limit.token_ms,
        "warm_over_limit_p50": report.percentile(ratios, 0.5),
        "warm_engine_over_limit_p50": report.percentile(report.warm_ratio(engine, limit.ms), 0.5),
        "own_python_p95_ms": report.percentile([report.own_ms(trace) for trace in report.traced(ours)], 0.95),
        "late_of": len(ours),
        **{f"stage_{name}_p50_ms": value for name, value in report.stage_medians(ours).items()},
    }
    for name, found in answers.items():
        if name != "ai-lsp":
            peer = report.Row.of(name, found)
            figures[f"p50_over_{name}"] = mine.p50 / peer.p50
            figures[f"p95_over_{name}"] = mine.p95 / peer.p95
            figures[f"answered_{name}"] = f"{peer.count} of {len(found)}, ours {mine.count}"
    return figures


_HIGHER_IS_BETTER = ("share_reused",)
_LOWER_IS_BETTER = ("evaluated_within_line_p95", "evaluated_after_enter_p95", "evaluated_after_accept_p95")
_SHARE_ROOM, _TOKENS_ROOM, _LATE_SHARE = 0.05, 192, 0.02
"""How much worse a count may be: timing decides which requests are overtaken by the next key, and so which are
counted. A window that moved needs about 1,000 tokens, so losing the KV is seen all the same."""


def _check(figures: dict[str, Any]) -> None:
    baseline = json.loads(BASELINE.read_text("utf-8"))
    worse = [name for name in _HIGHER_IS_BETTER if figures[name] < baseline[name] - _SHARE_ROOM]
    worse += [name for name in _LOWER_IS_BETTER if figures[name] > baseline.get(name, 0) + _TOKENS_ROOM]
    worse += ["late"] if figures["late"] > _LATE_SHARE * figures["late_of"] else []
    if worse:
        rows = [f"{name}: {figures[name]:.3g}, baseline {baseline.get(name, 0):.3g}" for name in worse]
        raise click.ClickException("worse than the baseline:\n  " + "\n  ".join(rows))
    click.echo("no count is worse than the baseline")


def _update(figures: dict[str, Any]) -> None:
    old = json.loads(BASELINE.read_text("utf-8")) if BASELINE.is_file() else {}
    measured = {name: value for name, value in figures.items() if value == value}  # NaN: none of that kind came
    new = {name: max(measured[name], old.get(name, 0)) for name in _HIGHER_IS_BETTER if name in measured}
    new |= {name: min(measured[name], old.get(name, 10**9)) for name in _LOWER_IS_BETTER if name in measured}
    BASELINE.write_text(json.dumps({**old, **new}, indent=2) + "\n", "utf-8")


main()
