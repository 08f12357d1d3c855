"""What a report shows, as plain data: the tables, the picture and the page are made of this."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ai_lsp.completion.trace import STAGES
from benchmarks.latency.figures import Figures, Run, figures
from benchmarks.latency.stats import Row, engine_only, percentile, rows, stage_values, times
from benchmarks.latency.targets import Outcome, outcomes


@dataclass(frozen=True)
class Stage:
    """One stage over the answers that reached the engine, in milliseconds."""

    name: str
    what: str
    p50: float
    p95: float


@dataclass(frozen=True)
class Summary:
    """A whole run; `about` says with what."""

    about: dict[str, str]
    outcomes: list[Outcome]
    rows: dict[str, list[Row]]
    """By contestant."""
    stages: list[Stage]
    times: dict[str, list[float]]
    """Milliseconds of all answered keystrokes by contestant."""
    worst_callbacks: list[dict[str, Any]]
    figures: Figures

    @classmethod
    def of(cls, run: Run, about: dict[str, str]) -> Summary:
        """Summarise a run."""
        found = figures(run)
        stages = stage_values(engine_only(run.of("ai-lsp")))
        return cls(
            about,
            outcomes(found),
            {name: rows(run.of(name)) for name in run.answers},
            [
                Stage(name, what, percentile(stages[name], 0.5), percentile(stages[name], 0.95))
                for name, what in STAGES.items()
                if name in stages
            ],
            {name: sorted(times(run.of(name))) for name in run.answers},
            run.loop.get("worst", []),
            found,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, where NaN is null."""
        plain: dict[str, Any] = _without_nan(
            {
                "about": self.about,
                "targets": [one.as_dict() for one in self.outcomes],
                "results": {name: [vars(row) for row in found] for name, found in self.rows.items()},
                "stages": [vars(stage) for stage in self.stages],
                "worst_callbacks": self.worst_callbacks,
                "figures": self.figures,
            }
        )
        return plain


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nan(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def shown(value: Any) -> str:
    """Return a figure as people read it: three digits, and a dash for nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)
