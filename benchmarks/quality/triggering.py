"""What the trigger is worth: how often it is silent where it should be, and which right suggestions that costs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ai_lsp.completion.trigger import STEPS, Action, TriggerRules, trigger
from benchmarks.quality import ours
from benchmarks.quality.cases import Case
from benchmarks.quality.outcomes import Outcome
from benchmarks.quality.run import place_of

QUIET, LOST = 0.95, 0.10
"""Targets at `normal`: the least share of quiet places, and the most of right suggestions that are lost."""


@dataclass(frozen=True)
class Row:
    """One step of `completion.aggressiveness`, or no trigger at all; counts of cases."""

    step: str
    silent: int
    """Cases where nothing should be shown."""
    quiet: int
    """Of these, where nothing is."""
    wanted: int
    """Cases where something should be shown."""
    asked: int
    """Of these, where the model is asked."""
    right: int
    """Of these, where what the model gives is right to the letter."""
    kept: int
    """Of the right ones, those that are shown."""

    @property
    def quiet_rate(self) -> float:
        """Share of quiet cases, 0 to 1."""
        return self.quiet / self.silent if self.silent else float("nan")

    @property
    def lost_rate(self) -> float:
        """Share of right suggestions that are not shown, 0 to 1."""
        return (self.right - self.kept) / self.right if self.right else float("nan")


def perfect(cases: Sequence[Case]) -> list[Outcome]:
    """Return the outcomes of a model that is always right where something is wanted, and never silent elsewhere.

    With them the trigger has to do all by itself, and loses whatever it is silent for.
    """
    return [Outcome.of(case, case.expected or "anything") for case in cases]


def rows(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[Row]:
    """Return a row for no trigger and one for each step; `outcomes` are those of the cases without a trigger."""
    found = [_row("none", outcomes, [True] * len(cases))]
    asked = {step: [_is_asked(case, step) for case in cases] for step in STEPS}
    return found + [_row(step, outcomes, asked[step]) for step in STEPS]


def _is_asked(case: Case, step: str) -> bool:
    place = place_of(case)
    decision = trigger(place, ours.signals(case, place), manual=False, rules=TriggerRules(aggressiveness=step))
    return decision.action is not Action.SILENT


def _row(step: str, outcomes: Sequence[Outcome], asked: Sequence[bool]) -> Row:
    both = list(zip(outcomes, asked, strict=True))
    silent = [(one, ask) for one, ask in both if one.silent]
    wanted = [(one, ask) for one, ask in both if not one.silent]
    right = [ask for one, ask in wanted if one.exact]
    quiet = sum(not (ask and one.shown) for one, ask in silent)
    return Row(step, len(silent), quiet, len(wanted), sum(ask for _, ask in wanted), len(right), sum(right))


def print_all(found: Sequence[Row], console: Console) -> None:
    """Print the table, and whether the targets are met."""
    table = Table("aggressiveness", "quiet", "of", "%", "asked", "of", "right", "lost", "%", title="trigger")
    for row in found:
        lost = row.right - row.kept
        counts = (row.quiet, row.silent, f"{100 * row.quiet_rate:.1f}", row.asked, row.wanted, row.right, lost)
        table.add_row(row.step, *map(str, counts), f"{100 * row.lost_rate:.1f}")
    console.print(table)
    normal = next(row for row in found if row.step == "normal")
    met = normal.quiet_rate >= QUIET and normal.lost_rate <= LOST
    console.print(
        f"normal: quiet {100 * normal.quiet_rate:.1f} % (>= {100 * QUIET:.0f}), "
        f"right ones lost {100 * normal.lost_rate:.1f} % (<= {100 * LOST:.0f}): {'met' if met else 'not met'}"
    )


def write(folder: Path, found: Sequence[Row], about: dict[str, str]) -> Path:
    """Write `trigger.json` into `folder`; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "trigger.json"
    path.write_text(
        json.dumps({"about": about, "steps": [asdict(row) for row in found]}, indent=1) + "\n", "utf-8"
    )
    return path
