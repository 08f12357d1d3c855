"""Weights: logistic regression with a quadratic penalty, by Newton's method (Hastie et al., 2009, 4.4.1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ai_lsp.filters.gate import NAMES, Feature, Weights, features
from ai_lsp.filters.tokens import spelling
from benchmarks.quality.gate.collect import Example

_PENALTY = 3.0
"""On tuning cases (seed 11) anything from 1 to 10 was as good."""
_ROUNDS = 100
_SETTLED = 1e-9
_PLACES = 4

Array = npt.NDArray[np.float64]


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return the examples of one half of the packages and of the other, in which the languages are alike.

    Packages are ordered by the language that most of their cases are in, and take turns.
    """
    languages: dict[str, list[str]] = {}
    for one in examples:
        languages.setdefault(one.package, []).append(one.language)
    order = sorted((max(sorted(set(found)), key=found.count), name) for name, found in languages.items())
    training = {name for _, name in order[::2]}
    return [one for one in examples if one.package in training], [
        one for one in examples if one.package not in training
    ]


def values(example: Example) -> dict[str, float]:
    """Return what the gate judges a judged example by."""
    return features(example.shown, spelling(example.tokens, example.shown), example.signals)


def fit(examples: Sequence[Example], penalty: float = _PENALTY) -> Weights:
    """Return the weights that fit the judged examples best.

    Raises ValueError where none or all of them are right.
    """
    judged = [one for one in examples if one.judged]
    right = np.array([one.right for one in judged], dtype=np.float64)
    if not 0 < right.sum() < len(right):
        raise ValueError(
            f"{int(right.sum())} of {len(right)} suggestions are right: nothing can be told from these"
        )
    found = [values(one) for one in judged]
    table = np.array([[one[name] for name in NAMES] for one in found])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < _SETTLED] = 1.0  # always the same: no weight comes of it
    bias, *weights = _logistic((table - mean) / scale, right, penalty)
    rounded = [[round(float(number), _PLACES) for number in numbers] for numbers in (weights, mean, scale)]
    return Weights(
        round(float(bias), _PLACES),
        {name: Feature(*numbers) for name, *numbers in zip(NAMES, *rounded, strict=True)},
    )


def _logistic(table: Array, right: Array, penalty: float) -> Array:
    """Return the intercept, which is not penalised, and a weight for each column."""
    rows = np.column_stack([np.ones(len(table)), table])
    ridge = np.diag([_SETTLED, *[penalty] * table.shape[1]])
    weights = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right) + ridge @ weights
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + ridge
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < _SETTLED:
            break
    return weights


def write(path: Path, model: str, weights: Weights, about: dict[str, Any]) -> None:
    """Put a model's weights, and what they were fitted on, into a file with those of other models."""
    models = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    models[model] = {
        "about": about,
        "bias": weights.bias,
        "features": {
            name: {"weight": one.weight, "mean": one.mean, "scale": one.scale}
            for name, one in weights.features.items()
        },
    }
    path.write_text(json.dumps(models, indent=1) + "\n", "utf-8")
