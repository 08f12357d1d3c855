"""What a contestant showed for a case, and how good that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from benchmarks.quality import metrics
from benchmarks.quality.bootstrap import Interval, interval, paired
from benchmarks.quality.cases import Case


@dataclass(frozen=True)
class Outcome:
    """One suggestion for one case."""

    id: str
    package: str
    language: str
    kind: str
    silent: bool
    expected: str
    shown: str
    """Empty for nothing."""

    @classmethod
    def of(cls, case: Case, shown: str) -> Outcome:
        """Take down what was shown for `case`."""
        return cls(case.id, case.package, case.language, case.kind, case.silent, case.expected, shown)

    @cached_property
    def exact(self) -> float:
        """1 for what a person wrote, else 0; nothing shown is right where silence is."""
        return float(metrics.exact(self.shown, self.expected))

    @cached_property
    def edit_similarity(self) -> float:
        """0 to 1."""
        return metrics.edit_similarity(self.shown, self.expected)

    @cached_property
    def right_share(self) -> float:
        """The share of characters right from the start, 0 to 1."""
        return metrics.right_share(self.shown, self.expected)

    @cached_property
    def identifiers(self) -> float | None:
        """1 for the right names in the right order, else 0; None where there are none."""
        same = metrics.same_identifiers(self.shown, self.expected)
        return None if same is None else float(same)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {name: getattr(self, name) for name in ("id", "kind", "language", "expected", "shown")}


@dataclass(frozen=True)
class Figures:
    """The figures of one contestant over some cases; rates and shares are 0 to 1."""

    cases: int
    """Where something should be shown."""
    exact: Interval
    over: Interval | None
    """By how much `exact` is above another contestant's, over the same cases."""
    edit_similarity: float
    right_share: float
    identifiers: float
    shown_rate: float
    quiet_rate: float
    """Of the cases where nothing should be shown; NaN when there are none."""
    score: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], other: Sequence[Outcome] = ()) -> Figures:
        """Sum up; `other` are the outcomes of another contestant for the same cases in the same order."""
        wanted = [one for one in outcomes if not one.silent]
        silent = [one for one in outcomes if one.silent]
        exact = [one.exact for one in wanted]
        shown = [one for one in wanted if one.shown]
        shown_rate, quiet_rate = (
            _share(len(shown), len(wanted)),
            _share(sum(not one.shown for one in silent), len(silent)),
        )
        names = [one.identifiers for one in wanted if one.identifiers is not None]
        return cls(
            len(wanted),
            interval(exact),
            paired(exact, [one.exact for one in other if not one.silent]) if other else None,
            _mean([one.edit_similarity for one in wanted]),
            _mean([one.right_share for one in wanted]),
            _mean(names),
            shown_rate,
            quiet_rate,
            metrics.score([metrics.chrf(one.shown, one.expected) for one in shown], shown_rate, quiet_rate),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, where NaN is null and an interval a list of mean, low and high."""
        plain: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, Interval):
                plain[name] = [_number(one) for one in (value.mean, value.low, value.high)]
            else:
                plain[name] = _number(value)
        return plain


def _number(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4) if value == value else None
    return value


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
