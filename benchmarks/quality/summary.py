"""What a report shows, as plain data: tables, JSON and the committed page are made of this."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.quality.bootstrap import Interval
from benchmarks.quality.contestants import ALL, NONE
from benchmarks.quality.outcomes import Figures, Outcome
from benchmarks.quality.recipes import PEERS
from benchmarks.quality.run import Results
from benchmarks.quality.targets import Verdict, verdicts

COLUMNS = (
    "contestant", "cases", "exact", "against", "difference", "edit", "right", "names", "shown", "quiet", "score"
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """A whole run; `about` says with what."""

    about: dict[str, str]
    figures: dict[str, Figures]
    """By contestant, over all cases."""
    by_kind: dict[str, dict[str, Figures]]
    """By kind of case, then by contestant."""
    by_language: dict[str, dict[str, Figures]]
    results: Results

    @classmethod
    def of(cls, results: Results, about: dict[str, str]) -> Summary:
        """Sum up a run."""
        return cls(
            about,
            _figures(results, lambda _one: True),
            _split(results, lambda one: one.kind),
            _split(results, lambda one: one.language),
            results,
        )

    @property
    def verdicts(self) -> list[Verdict]:
        """The targets, as far as the contestants took part that they are about."""
        return verdicts(self.figures, self.by_kind)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "about": self.about,
            "figures": _plain(self.figures),
            "by_kind": {name: _plain(figures) for name, figures in self.by_kind.items()},
            "by_language": {name: _plain(figures) for name, figures in self.by_language.items()},
            "targets": [vars(one) for one in self.verdicts],
            "cases": {name: [one.as_dict() for one in found] for name, found in self.results.items()},
        }


def compared_with(name: str) -> str:
    """Return the contestant that another is compared with: what a source adds to nothing, or takes from all."""
    return ALL if name.startswith("without ") else NONE


def _figures(results: Results, wanted: Callable[[Outcome], bool]) -> dict[str, Figures]:
    chosen = {name: [one for one in found if wanted(one)] for name, found in results.items()}
    figures = {}
    for name, outcomes in chosen.items():
        other = compared_with(name)
        figures[name] = Figures.of(outcomes, chosen.get(other, ()) if other != name else ())
    return figures


def _split(results: Results, key: Callable[[Outcome], str]) -> dict[str, dict[str, Figures]]:
    names = dict.fromkeys(key(one) for found in results.values() for one in found)
    return {name: _figures(results, lambda one, name=name: key(one) == name) for name in sorted(names)}  # type: ignore[misc]


def _plain(figures: dict[str, Figures]) -> dict[str, Any]:
    return {name: one.as_dict() for name, one in figures.items()}


def rows(figures: dict[str, Figures]) -> list[Sequence[str]]:
    """Return the table of `figures` in the order of `COLUMNS`."""
    return [_row(name, one) for name, one in figures.items()]


def _row(name: str, one: Figures) -> Sequence[str]:
    against = compared_with(name) if one.over is not None else ""
    shares = (one.edit_similarity, one.right_share, one.identifiers, one.shown_rate, one.quiet_rate)
    return (
        name, str(one.cases), percent(one.exact), against, difference(one.over),
        *(share(value) for value in shares), "-" if math.isnan(one.score) else f"{one.score:.3f}",
    )  # fmt: skip


def percent(value: Interval) -> str:
    """Return a share with its interval, in percent."""
    if math.isnan(value.mean):
        return "-"
    return f"{100 * value.mean:.1f} [{100 * value.low:.1f}, {100 * value.high:.1f}]"


def difference(value: Interval | None) -> str:
    """Return a difference of shares in percent points; with a star where zero is outside its interval."""
    if value is None or math.isnan(value.mean):
        return ""
    star = " *" if value.sign else ""
    return f"{100 * value.mean:+.1f} [{100 * value.low:+.1f}, {100 * value.high:+.1f}]{star}"


def share(value: float) -> str:
    """Return a share in percent."""
    return "-" if math.isnan(value) else f"{100 * value:.1f}"


def peers_in(figures: dict[str, Figures]) -> list[str]:
    """Return the peers among the contestants."""
    return [name for name in figures if name in PEERS]
