"""What the gate is worth: on cases of packages that its weights were not fitted to."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ai_lsp.filters.gate import LEAST, Weights
from benchmarks.quality.bootstrap import Indices, Interval, interval, interval_of
from benchmarks.quality.gate.collect import Example
from benchmarks.quality.gate.fit import values

STEP = "normal"
"""The step of `completion.aggressiveness` at whose places the curves are drawn: all others ask elsewhere too."""
RATES = (0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
RATIO = 1.4
"""Target: precision at an equal shown rate, over that of no filtering."""
MOST_MS = 0.1
"""Target: time of one judgement."""
_BINS = 5

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """One example and what the gate makes of it."""

    example: Example
    probability: float
    """Of being right, 0 to 1; NaN where there is nothing to judge."""

    @property
    def first(self) -> float:
        """The log-probability of the first token."""
        return self.example.tokens[0][1] if self.example.tokens else math.nan

    def shown_at(self, least: float) -> bool:
        """Whether it is shown where that is the probability needed."""
        return bool(self.example.shown) and not self.probability < least


def judge(examples: Sequence[Example], weights: Weights) -> list[Judged]:
    """Return the examples with their probabilities."""
    return [Judged(one, weights.probability(values(one)) if one.judged else math.nan) for one in examples]


def times(examples: Sequence[Example], weights: Weights) -> list[float]:
    """Return the CPU time of judging each example of them that is judged, in milliseconds."""
    found = []
    for one in examples:
        if one.judged:
            start = time.thread_time()
            weights.probability(values(one))
            found.append((time.thread_time() - start) * 1000)
    return found


@dataclass(frozen=True)
class Point:
    """One way to choose what is shown, at one shown rate; all are of the places where `STEP` asks."""

    way: str
    rate: float
    """Share of these places where something is shown, 0 to 1."""
    right: float
    """Share of what is shown that is right as far as it goes, 0 to 1."""
    exact: float
    """Share of what is shown that is all that the person wrote, 0 to 1."""
    ratio: Interval
    """`right` over that of no filtering."""


def curve(judged: Sequence[Judged], rates: Sequence[float] = RATES) -> list[Point]:
    """Return the precision of no filtering, of filters, and of two ways to choose from what they leave."""
    asked = [one for one in judged if STEP in one.example.steps]
    filtered = [one.example.shown for one in asked]
    shown = np.array([bool(text) for text in filtered], dtype=np.float64)
    probability = np.array([-1.0 if math.isnan(one.probability) else one.probability for one in asked]) * shown
    first = np.array([-math.inf if math.isnan(one.first) else one.first for one in asked])
    first[shown == 0] = -math.inf
    points = [
        _point("no filtering", asked, np.array([bool(one.example.raw) for one in asked]), raw=True),
        _point("filters", asked, shown > 0),
    ]
    for way, score in (("filters + first token", first), ("filters + gate", probability)):
        points += [_point(way, asked, _best(score, shown, rate)) for rate in rates if rate <= shown.mean()]
    return points


def _best(score: Array, shown: Array, rate: float) -> npt.NDArray[np.bool_]:
    """Return which are shown if those with the highest scores are, up to a share of all."""
    order = np.argsort(-score, kind="stable")[: round(rate * len(score))]
    chosen = np.zeros(len(score), dtype=np.bool_)
    chosen[order] = True
    return chosen & (shown > 0)


def _point(way: str, asked: Sequence[Judged], chosen: npt.NDArray[np.bool_], *, raw: bool = False) -> Point:
    plain = np.array([bool(one.example.raw) for one in asked])
    plain_right = np.array([one.example.raw_right for one in asked], dtype=np.float64)
    right = plain_right if raw else np.array([one.example.right for one in asked], dtype=np.float64)
    exact = np.array([one.example.raw_exact if raw else one.example.exact for one in asked], dtype=np.float64)

    def ratio(sample: Indices) -> float:
        before = _share(plain_right[sample], plain[sample])
        return _share(right[sample], chosen[sample]) / before if before else math.nan

    return Point(
        way,
        float(chosen.mean()),
        _share(right, chosen),
        _share(exact, chosen),
        interval_of(ratio, len(asked)),
    )


def _share(right: Array, chosen: npt.NDArray[np.bool_]) -> float:
    return float(right[chosen].mean()) if chosen.any() else math.nan


@dataclass(frozen=True)
class Bin:
    """Suggestions with like probabilities."""

    count: int
    probability: float
    """Their mean probability, as the gate has it."""
    right: Interval
    """The share that is right."""


@dataclass(frozen=True)
class Calibration:
    """How well the probabilities tell what is right, over all that was judged."""

    judged: int
    right: int
    auc: Interval
    """The probability that a right one has a higher probability than a wrong one."""
    first_auc: Interval
    """The same of the first token's probability alone."""
    brier: Interval
    """The mean square of what the probability is off; that of always saying the share of right ones is `plain`."""
    plain: float
    bins: tuple[Bin, ...]


def calibration(judged: Sequence[Judged]) -> Calibration:
    """Return figures of all that the gate judged, at whatever step it was asked."""
    known = [one for one in judged if one.example.judged]
    right = np.array([one.example.right for one in known], dtype=np.float64)
    probability = np.array([one.probability for one in known])
    first = np.array([one.first for one in known])
    order = np.argsort(probability, kind="stable")
    bins = tuple(
        Bin(len(part), float(probability[part].mean()), interval(list(right[part])))
        for part in np.array_split(order, _BINS)
    )
    return Calibration(
        len(known),
        int(right.sum()),
        interval_of(lambda sample: auc(right[sample], probability[sample]), len(known)),
        interval_of(lambda sample: auc(right[sample], first[sample]), len(known)),
        interval(list((probability - right) ** 2)),
        float(right.mean() * (1 - right.mean())),
        bins,
    )


def auc(right: Array, score: Array) -> float:
    """Return the area under the ROC curve, by ranks (Mann-Whitney); NaN where all are right or all wrong."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positive = right.sum()
    negative = len(right) - positive
    if not positive or not negative:
        return math.nan
    return float((ranks[right > 0].sum() - positive * (positive + 1) / 2) / (positive * negative))


@dataclass(frozen=True)
class Step:
    """What one step of `completion.aggressiveness` does, with trigger, filters and gate."""

    name: str
    least: float
    """The probability of being right that the gate asks for."""
    asked: int
    """Places where the model is asked."""
    before: int
    """Of these, where something is shown without the gate."""
    shown: int
    """And with it."""
    right: Interval
    """Share of what is shown that is right as far as it goes."""
    exact: Interval
    right_before: float
    lost: Interval
    """Share of what is right as far as it goes that the gate keeps back."""
    exact_lost: Interval
    """Share of what is all that the person wrote that it keeps back."""
    silent: int
    """Cases where nothing should be shown."""
    quiet: Interval
    """Of these, where nothing is."""
    quiet_before: float


def steps(judged: Sequence[Judged], least: dict[str, float] | None = None) -> list[Step]:
    """Return the figures of each step at which something is suggested unasked."""
    wanted = least or LEAST
    return [_step(name, wanted[name], judged) for name in LEAST if wanted[name]]


def _step(name: str, least: float, judged: Sequence[Judged]) -> Step:
    asked = [one for one in judged if name in one.example.steps]
    before = [one for one in asked if one.example.shown]
    shown = [one for one in before if one.shown_at(least)]
    silent = [one for one in judged if one.example.silent]
    loud = [name in one.example.steps and bool(one.example.shown) for one in silent]
    return Step(
        name,
        least,
        len(asked),
        len(before),
        len(shown),
        interval([float(one.example.right) for one in shown]),
        interval([float(one.example.exact) for one in shown]),
        interval([float(one.example.right) for one in before]).mean,
        interval([float(not one.shown_at(least)) for one in before if one.example.right]),
        interval([float(not one.shown_at(least)) for one in before if one.example.exact]),
        len(silent),
        interval([float(not (was and one.shown_at(least))) for one, was in zip(silent, loud, strict=True)]),
        1 - sum(loud) / len(silent) if silent else math.nan,
    )
