"""Confidence intervals by resampling cases, with a fixed seed (Efron and Tibshirani, 1993)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ROUNDS = 4000
_LEVEL = 0.95

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """A mean, and where it lies with a probability of 95 %."""

    mean: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 when all of it is above zero, -1 when all is below, else 0."""
        return int(self.low > 0) - int(self.high < 0)


def interval(values: Sequence[float], seed: int = 0) -> Interval:
    """Return the mean of `values` with its percentile interval; NaN for no values."""
    if not values:
        return Interval(float("nan"), float("nan"), float("nan"))
    array = np.asarray(values, dtype=np.float64)
    means = _resampled(array, seed)
    low, high = np.quantile(means, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(array.mean()), float(low), float(high))


def interval_of(statistic: Callable[[Indices], float], size: int, seed: int = 0) -> Interval:
    """Return a statistic of `size` cases with its percentile interval.

    It is told the numbers of the cases, of which a sample has some more than once. Samples for which it is NaN do
    not count.
    """
    chosen = np.random.default_rng(seed).integers(0, size, (ROUNDS, size))
    found = np.array([statistic(sample) for sample in chosen])
    low, high = np.nanquantile(found, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(statistic(np.arange(size)), float(low), float(high))


def paired(left: Sequence[float], right: Sequence[float], seed: int = 0) -> Interval:
    """Return by how much the mean of `left` is above that of `right`; both are of the same cases, in order.

    Raises ValueError where they are not equally many.
    """
    return interval([one - other for one, other in zip(left, right, strict=True)], seed)


def _resampled(array: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float64]:
    chosen = np.random.default_rng(seed).integers(0, len(array), (ROUNDS, len(array)))
    means: npt.NDArray[np.float64] = array[chosen].mean(axis=1)
    return means
