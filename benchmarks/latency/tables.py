"""The report on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from benchmarks.latency.summary import Summary, shown

_COLOURS = {True: "green", False: "red", None: "dim"}


def print_all(summary: Summary, console: Console) -> None:
    """Print the targets last, where one looks first."""
    for name in summary.rows:
        console.print(_times(summary, name))
    console.print(_stages(summary))
    console.print(_figures(summary))
    console.print(_targets(summary))


def _times(summary: Summary, name: str) -> Table:
    table = Table(
        "keystroke", "asked", "answered", "shown", "p50", "p95", "p99", "max", title=f"{name}: ms to reply"
    )
    for row in summary.rows[name]:
        counts = (str(row.asked), str(row.answered), str(row.shown))
        table.add_row(row.name, *counts, *(shown(value) for value in (row.p50, row.p95, row.p99, row.worst)))
    return table


def _stages(summary: Summary) -> Table:
    table = Table("stage", "p50", "p95", "what", title="ai-lsp: stages of replies that reached the engine, ms")
    for stage in summary.stages:
        table.add_row(stage.name, shown(stage.p50), shown(stage.p95), stage.what)
    return table


def _figures(summary: Summary) -> Table:
    table = Table("figure", "value", title="figures")
    for name, value in summary.figures.items():
        table.add_row(name, shown(value))
    for worst in summary.worst_callbacks:
        wall, cpu, core, collecting = (shown(worst[f"{name}_ms"]) for name in ("wall", "cpu", "core", "gc"))
        value = f"{wall} ms, {cpu} of CPU time, {core} waiting for a core, {collecting} collecting garbage"
        table.add_row(f"blocked the loop: {worst['name']}", value)
    return table


def _targets(summary: Summary) -> Table:
    table = Table("target", "measured", "bound", "", "beside", title="targets")
    for one in summary.outcomes:
        verdict = f"[{_COLOURS[one.met]}]{one.verdict}[/]"
        beside = f"{one.target.beside[1]}: {shown(one.beside)}" if one.target.beside else ""
        table.add_row(one.target.what, shown(one.value), one.target.bound_text, verdict, beside)
    return table
