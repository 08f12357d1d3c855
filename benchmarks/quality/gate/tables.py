"""The gate's figures as tables."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.latency.stats import percentile
from benchmarks.quality.bootstrap import Interval
from benchmarks.quality.gate.figures import MOST_MS, RATIO, Calibration, Point, Step


@dataclass(frozen=True)
class Report:
    """All figures of the held-out half."""

    points: Sequence[Point]
    calibration: Calibration
    steps: Sequence[Step]
    times: Sequence[float]
    """CPU milliseconds for each judgement."""


def print_all(report: Report, console: Console) -> None:
    """Print the curves, the calibration and the steps of aggressiveness."""
    console.print(_points(report.points), _bins(report.calibration), _steps(report.steps))
    found = report.calibration
    console.print(
        f"{found.judged} judged, {found.right} right; AUC {_plain(found.auc)}, of the first token alone "
        f"{_plain(found.first_auc)}; Brier {_plain(found.brier)}, without knowing anything {found.plain:.3f}"
    )
    found_times = f"{percentile(report.times, 0.5):.3f} ms, p95 {percentile(report.times, 0.95):.3f} ms"
    console.print(f"CPU time of a judgement: median {found_times} (< {MOST_MS})")
    best = [point for point in report.points if point.way.endswith("gate") and point.ratio.mean >= RATIO]
    rate = f"up to a shown rate of {max(point.rate for point in best):.2f}" if best else "at no shown rate"
    console.print(f"precision at least {RATIO} times that of no filtering: {rate}")


def _points(points: Sequence[Point]) -> Table:
    table = Table("shown by", "rate", "right %", "exact %", "of no filtering", title="precision by shown rate")
    for one in points:
        table.add_row(
            one.way, f"{one.rate:.2f}", f"{100 * one.right:.1f}", f"{100 * one.exact:.1f}", _plain(one.ratio)
        )
    return table


def _bins(found: Calibration) -> Table:
    table = Table("suggestions", "said %", "right %", title="calibration")
    for one in found.bins:
        table.add_row(str(one.count), f"{100 * one.probability:.1f}", _percent(one.right))
    return table


def _steps(steps: Sequence[Step]) -> Table:
    table = Table(
        "step",
        "p",
        "asked",
        "shown",
        "right %",
        "exact %",
        "right lost %",
        "exact lost %",
        "quiet %",
        title="steps",
    )
    for one in steps:
        table.add_row(
            one.name,
            f"{one.least:.2f}",
            str(one.asked),
            f"{one.shown} of {one.before}",
            f"{_percent(one.right)}, before {100 * one.right_before:.1f}",
            _percent(one.exact),
            _percent(one.lost),
            _percent(one.exact_lost),
            f"{_percent(one.quiet)} of {one.silent}, before {100 * one.quiet_before:.1f}",
        )
    return table


def _plain(one: Interval) -> str:
    return f"{one.mean:.3f} ({one.low:.3f}-{one.high:.3f})"


def _percent(one: Interval) -> str:
    return f"{100 * one.mean:.1f} ({100 * one.low:.1f}-{100 * one.high:.1f})"


def write(folder: Path, report: Report, about: dict[str, Any]) -> Path:
    """Write `gate.json` into `folder`; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gate.json"
    plain = {
        "about": about,
        "points": [asdict(one) for one in report.points],
        "calibration": asdict(report.calibration),
        "steps": [asdict(one) for one in report.steps],
        "median_ms": percentile(report.times, 0.5),
    }
    path.write_text(json.dumps(_finite(plain), indent=1) + "\n", "utf-8")
    return path


def _finite(plain: Any) -> Any:
    """Return it with null for NaN, which JSON has not."""
    if isinstance(plain, dict):
        return {name: _finite(value) for name, value in plain.items()}
    if isinstance(plain, (list, tuple)):
        return [_finite(value) for value in plain]
    return None if isinstance(plain, float) and math.isnan(plain) else plain
