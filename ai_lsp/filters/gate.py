"""Keeps back a suggestion that is hardly right: a logistic model of what the language model thought of its tokens.

Weights belong to one language model, because each is sure of itself in its own way. `make gate` fits them, to what
is right on one half of the quality benchmark's packages, and reports on the other half.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ai_lsp.completion.signals import BEGUN, CLOSING, KNOWN, NEW, TEXT, WORD, Signals
from ai_lsp.completion.standing import COMMENT, DOCSTRING, STRING
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.tokens import Tokens
from ai_lsp.options import Options

log = logging.getLogger(__name__)

NAME = "gate"
"""Its name in decisions and in `filters.off`."""
SHIPPED = Path(__file__).with_name("gate.json")
DEFAULT_MODEL = "smollm2-135m"
"""The model whose weights another one gets when the user asks for the gate without there being its own."""
AT = " at "
"""What is between a model's name and that of the provider that it runs at, in titles."""
LEAST = {"manual": 0.0, "calm": 0.25, "normal": 0.08, "eager": 0.03}
"""The probability of being right below which nothing is shown unasked, by `completion.aggressiveness`."""

_LEAST_LOGPROB = -20.0
_STEEPEST = 30.0


class GateError(Exception):
    """Weights that cannot be used; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Feature:
    """How one feature counts: its value less `mean`, over `scale`, times `weight`."""

    weight: float
    mean: float
    scale: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model for the suggestions of one language model."""

    bias: float
    features: Mapping[str, Feature]
    """By name, as `features` gives them."""

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that a suggestion with these features is right."""
        known = self.features.items()
        logit = self.bias + sum(one.weight * (values[name] - one.mean) / one.scale for name, one in known)
        return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))


def features(text: str, tokens: Tokens, signals: Signals) -> dict[str, float]:
    """Return what the gate judges `text` by, which is made of `tokens`, of which there is one at least.

    Log-probabilities, lengths, and what `signals` say of the place. What they say of keys and of earlier
    suggestions is left out: nobody types in the benchmark, so that no weight could be fitted for it.
    """
    logprobs = [max(_LEAST_LOGPROB, logprob) for _, logprob in tokens]
    total = sum(logprobs)
    values: dict[str, float] = {
        "first": logprobs[0],
        "mean": total / len(logprobs),
        "least": min(logprobs),
        "total": total,
        "tokens": math.log(len(logprobs)),
        "lines": math.log1p(text.strip().count("\n")),
        "blank": signals.blank,
        "closing": signals.rest == CLOSING,
        "text": signals.rest in (TEXT, WORD),
        "string": signals.within == STRING,
        "whole": signals.whole,
        "new": signals.word == NEW,
        "known": signals.word == KNOWN,
        "begun": signals.word == BEGUN,
        "access": signals.last in (".", ":", ">") and not signals.blank,
        "bracket": signals.last in ("(", "[", "{"),
    }
    return {name: float(value) for name, value in values.items()}


NAMES = tuple(features("", [("", 0.0)], Signals()))
"""The names of all features."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Judges suggestions with the weights of the model that made them."""

    least: float
    """The probability of being right below which a suggestion is kept back."""
    weights: Mapping[str, Weights]
    """By model."""
    others: Weights | None = None
    """For models that have none of their own; None leaves these alone."""

    def probability(self, model: str, text: str, tokens: Tokens, signals: Signals) -> float | None:
        """Return the probability that `text`, made of `tokens`, is right; None where there is no telling.

        `model` is the name of the model that made it, with what comes after `AT` for one at a provider.

        There is none without weights for the model, where the tokens are not known any more, and for comments and
        docstrings, which are not right or wrong by the letter.
        """
        weights = self.weights.get(model.partition(AT)[0], self.others)
        if weights is None or not tokens or signals.within in (COMMENT, DOCSTRING):
            return None
        return weights.probability(features(text, tokens, signals))

    def doubt(self, probability: float | None) -> Decision | None:
        """Veto what is right with a `probability` that is too low; else None."""
        if probability is None or probability >= self.least:
            return None
        return Decision(NAME, "", f"right with a probability of {probability:.2f}, below {self.least:.2f}")


def gate_from(options: Options) -> Gate | None:
    """Return the gate that the options want; None where it is switched off."""
    if NAME in options.filters.off:
        return None
    weights, asked = shipped(), options.filters.min_right_probability
    if asked:
        return Gate(asked, weights, weights.get(DEFAULT_MODEL))
    return Gate(LEAST[options.completion.aggressiveness], weights)


@cache
def shipped() -> Mapping[str, Weights]:
    """Return the weights that are shipped, by model; none, with an error in the log, when they are no use."""
    try:
        return read(SHIPPED)
    except GateError as error:
        log.error("Suggestions are not gated: %s", error)
        return {}


def read(path: Path) -> dict[str, Weights]:
    """Return the weights in a file, by model.

    Raises `GateError` where it cannot be read or does not fit this code.
    """
    try:
        return {model: _weights(plain) for model, plain in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise GateError(
            f"{path} is no use ({error}); install ai-lsp anew, or fit the weights: make gate"
        ) from error


def _weights(plain: Mapping[str, Any]) -> Weights:
    if unlike := sorted(plain["features"].keys() ^ set(NAMES)):
        raise ValueError(f"it is of another version, for it differs in the features {', '.join(unlike)}")
    found = {name: _feature(one) for name, one in plain["features"].items()}
    return Weights(_number(plain["bias"]), found)


def _feature(plain: Mapping[str, Any]) -> Feature:
    weight, mean, scale = (_number(plain[key]) for key in ("weight", "mean", "scale"))
    if scale <= 0:
        raise ValueError(f"{scale} is no scale")
    return Feature(weight, mean, scale)


def _number(plain: float) -> float:
    if not math.isfinite(plain):
        raise ValueError(f"{plain} is no number")
    return float(plain)
