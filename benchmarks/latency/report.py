"""From answers to figures, a table, JSON and one page."""

from __future__ import annotations

import base64
import html
import io
import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.latency.replay import LATE_MS, Answer
from benchmarks.latency.traces import KINDS


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie; NaN for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Row:
    """Times of some answers, in milliseconds."""

    name: str
    count: int
    shown: int
    p50: float
    p95: float
    p99: float
    worst: float

    @classmethod
    def of(cls, name: str, answers: Iterable[Answer]) -> Row:
        """Summarise the answers that were not cancelled."""
        answered = [answer for answer in answers if not answer.cancelled]
        times = [answer.ms for answer in answered]
        shown = sum(1 for answer in answered if answer.text)
        return cls(name, len(answered), shown, *(percentile(times, share) for share in (0.5, 0.95, 0.99, 1.0)))


def rows(answers: list[Answer]) -> list[Row]:
    """Return all answers together, and each kind of keystroke."""
    kinds = [Row.of(kind, [one for one in answers if one.kind == kind]) for kind in KINDS]
    return [Row.of("all", answers), *(row for row in kinds if row.count)]


def traced(answers: list[Answer], *kinds: str) -> list[dict[str, Any]]:
    """Return the traces of the answers of these kinds (all when none is named) that reached the engine."""
    return [
        answer.trace
        for answer in answers
        if (not kinds or answer.kind in kinds) and answer.trace.get("counts", {}).get("prompt")
    ]


def counts(answers: list[Answer]) -> dict[str, float]:
    """Return what the KV saved: figures that do not depend on the machine's speed."""
    every = traced(answers)
    prompt = sum(trace["counts"]["prompt"] for trace in every)
    reused = sum(trace["counts"]["reused"] for trace in every)

    def evaluated(*kinds: str) -> float:
        return percentile([trace["counts"]["evaluated"] for trace in traced(answers, *kinds)], 0.95)

    answered = [answer for answer in answers if not answer.cancelled]
    cached = sum(1 for answer in answered if answer.trace.get("cached"))
    return {
        "share_reused": reused / max(1, prompt),
        "share_cached": cached / max(1, len(answered)),
        "evaluated_within_line_p95": evaluated("char", "backspace"),
        "evaluated_after_enter_p95": evaluated("enter"),
        "evaluated_after_accept_p95": evaluated("accept", "paste"),
        "evaluated_revisit_p95": evaluated("revisit"),
        "late": sum(1 for answer in answers if answer.ms > LATE_MS),
    }


def own_ms(trace: dict[str, Any]) -> float:
    """Return the time a request spent in our own Python: all but waiting and llama.cpp."""
    stages = trace["stages"]
    other = sum(stages.get(name, 0.0) for name in ("debounce", "queue", "prefill", "decode"))
    return float(max(0.0, stages["total"] - other))


def stage_medians(answers: list[Answer]) -> dict[str, float]:
    """Return the median of each stage over the answers that reached the engine."""
    every = [trace["stages"] for trace in traced(answers)]
    names = list(dict.fromkeys(name for stages in every for name in stages))
    return {name: statistics.median(stages[name] for stages in every if name in stages) for name in names}


def warm_ratio(answers: list[Answer], limit_ms: Callable[[Answer], float]) -> list[float]:
    """Return reply time over the bare decode of the tokens shown, for warm keystrokes that showed something."""
    warm = [
        one for one in answers if one.text and not one.cancelled and one.kind in ("char", "backspace", "enter")
    ]
    return [answer.ms / limit_ms(answer) for answer in warm]


def print_tables(results: dict[str, list[Row]], figures: dict[str, Any]) -> None:
    """Print one table a contestant, and the figures."""
    console = Console()
    for name, found in results.items():
        table = Table(
            "keystroke", "answered", "shown", "p50", "p95", "p99", "max", title=f"{name}: ms to the reply"
        )
        for row in found:
            times = (f"{value:.0f}" for value in (row.p50, row.p95, row.p99, row.worst))
            table.add_row(row.name, str(row.count), str(row.shown), *times)
        console.print(table)
    table = Table("figure", "value", title="figures")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3g}" if isinstance(value, float) else str(value))
    console.print(table)


def write(
    folder: Path, results: dict[str, list[Row]], figures: dict[str, Any], times: dict[str, list[float]]
) -> None:
    """Write `latency.json`, `latency.png` and the self-contained `latency.html` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = {name: [vars(row) for row in found] for name, found in results.items()}
    (folder / "latency.json").write_text(json.dumps({"results": plain, "figures": figures}, indent=2) + "\n")
    picture = _plot(times)
    (folder / "latency.png").write_bytes(picture)
    lines = [
        f"<tr><td>{html.escape(name)}<td>{row.name}<td>{row.count}<td>{row.p50:.0f}<td>{row.p95:.0f}<td>{row.worst:.0f}"
        for name, found in results.items()
        for row in found
    ]
    lines += [f"<tr><td colspan=3>{html.escape(name)}<td colspan=3>{value}" for name, value in figures.items()]
    image = base64.b64encode(picture).decode("ascii")
    (folder / "latency.html").write_text(
        "<!doctype html><meta charset=utf-8><title>latency</title><style>td{padding:0 1em}</style>"
        f'<img src="data:image/png;base64,{image}"><table>'
        "<tr><th>who<th>keystroke<th>answered<th>p50 ms<th>p95 ms<th>max ms" + "".join(lines) + "</table>\n"
    )


def _plot(times: dict[str, list[float]]) -> bytes:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for name, values in times.items():
        ordered = sorted(values)
        axes.plot(ordered, [(n + 1) / len(ordered) for n in range(len(ordered))], label=name)
    axes.set(xscale="log", xlabel="ms from request to reply", ylabel="share of replies", ylim=(0, 1))
    axes.axvline(LATE_MS, color="grey", linestyle=":")
    axes.legend()
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=120, bbox_inches="tight")
    pyplot.close(figure)
    return out.getvalue()
