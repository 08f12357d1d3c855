"""How good one suggestion is, compared with what a person wrote: pure functions of two texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from benchmarks.quality.code import identifiers

_GRAMS = 6
_BETA = 2.0
_WITHIN_WORD = re.compile(r"[\w$]{2}")


def exact(text: str, expected: str) -> bool:
    """Whether they are the same, white space at the end and line ends aside."""
    return _lines(text) == _lines(expected)


def starts_right(text: str, expected: str) -> bool:
    """Whether `text` is something, all of it is right, and it ends where a word ends; more may be missing."""
    start, wanted = "\n".join(_lines(text)), "\n".join(_lines(expected))
    if not start.strip() or not wanted.startswith(start):
        return False
    return not _WITHIN_WORD.fullmatch(wanted[len(start) - 1 : len(start) + 1])


def edit_similarity(text: str, expected: str) -> float:
    """Return 1 less the Levenshtein distance over the longer length, 0 to 1."""
    return float(Levenshtein.normalized_similarity(text.rstrip(), expected.rstrip()))


def right_share(text: str, expected: str) -> float:
    """Return the share of the expected characters that are right from the start on, 0 to 1."""
    wanted = expected.rstrip()
    same = 0
    for one, other in zip(text, wanted, strict=False):
        if one != other:
            break
        same += 1
    return same / len(wanted) if wanted else 1.0


def same_identifiers(text: str, expected: str) -> bool | None:
    """Whether both have the same names in the same order; None where none is expected.

    As in CrossCodeEval (arXiv 2310.11248).
    """
    wanted = identifiers(expected)
    return identifiers(text) == wanted if wanted else None


def chrf(text: str, expected: str) -> float:
    """Return chrF, 0 to 1: the F2 of character 1- to 6-grams without white space (Popović, WMT 2015)."""
    one, other = "".join(text.split()), "".join(expected.split())
    precisions, recalls = [], []
    for size in range(1, _GRAMS + 1):
        left, right = _grams(one, size), _grams(other, size)
        if not right:
            break
        same = sum((left & right).values())
        precisions.append(same / max(1, sum(left.values())))
        recalls.append(same / sum(right.values()))
    if not precisions:
        return float(not one)
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    both = _BETA**2 * precision + recall
    return (1 + _BETA**2) * precision * recall / both if both else 0.0


def score(gains: Sequence[float], shown_rate: float, quiet_rate: float) -> float:
    """Return cursortab's score: the mean chrF of what is shown, times the harmonic mean of the two rates.

    Both showing where nothing is wanted and silence where something is bring it down.
    """
    gate = 2 * shown_rate * quiet_rate / (shown_rate + quiet_rate) if shown_rate + quiet_rate else 0.0
    return gate * sum(gains) / len(gains) if gains else 0.0


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _grams(text: str, size: int) -> Counter[str]:
    return Counter(text[at : at + size] for at in range(len(text) - size + 1))
