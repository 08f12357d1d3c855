"""The gate's weights and figures, from examples that are written out."""

from __future__ import annotations

import json
import math
import random
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from ai_lsp.completion.signals import Signals
from ai_lsp.filters.gate import NAMES, Feature, Weights, read
from benchmarks.quality import metrics
from benchmarks.quality.gate import collect, figures, fit
from benchmarks.quality.gate.collect import Example

STEPS = ("calm", "normal", "eager")
BY_ALL_TOKENS = Weights(
    0.0, {name: Feature(float(name == "total"), 0.0, 1.0) for name in NAMES}
)  # e^total to 1 are the odds


def example(number: int = 0, logprob: float = -0.5, shown: str = "foo", **changed: object) -> Example:
    one = Example(
        f"case {number}", "package", "python", "line_rest", False, "foo(a)", shown, shown,
        ((shown, logprob),), STEPS, Signals(),
    )  # fmt: skip
    return replace(one, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected", "right"),
    [
        ("foo(a)", "foo(a)\n", True),
        ("foo", "foo(a)", True),
        ("fo", "foo(a)", False),
        ("foo(", "foo(a)", True),
        ("foo(b", "foo(a)", False),
        ("x = 1  \ny", "x = 1\ny = 2", True),
        ("  ", "foo", False),
        ("", "foo", False),
        ("foo", "", False),
    ],
)
def test_what_is_right_as_far_as_it_goes(text: str, expected: str, right: bool) -> None:
    assert metrics.starts_right(text, expected) is right


class TestExamples:
    def test_right_and_exact(self) -> None:
        assert (example().right, example().exact) == (True, False)
        assert example(shown="foo(a)").exact
        assert not example(shown="bar").right
        assert not example(silent=True, expected="").right

    def test_what_the_gate_has_nothing_to_say_to(self) -> None:
        assert example().judged
        assert not example(shown="").judged
        assert not example(tokens=()).judged
        assert not example(signals=Signals(within="docstring")).judged

    def test_they_come_back_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "examples.jsonl"
        assert list(collect.read(path)) == []
        examples = [example(1), example(2, shown="é\n", signals=Signals(last=".", gap_ms=3.0))]
        path.write_text("".join(json.dumps(asdict(one)) + "\n" for one in examples), "utf-8")
        assert list(collect.read(path)) == examples


def test_no_package_is_in_both_halves_and_languages_are_alike() -> None:
    packages = [("a", "go"), ("b", "go"), ("c", "python"), ("d", "python"), ("e", "python"), ("f", "rust")]
    examples = [
        example(number, package=name, language=language) for number, (name, language) in enumerate(packages * 3)
    ]
    training, held_out = fit.halves(examples)
    assert sorted({one.package for one in training}) == ["a", "c", "e"]
    assert sorted({one.package for one in held_out}) == ["b", "d", "f"]
    assert len(training) + len(held_out) == len(examples)


class TestFit:
    @staticmethod
    def examples(count: int = 400) -> list[Example]:
        dice = random.Random(1)
        found = []
        for number in range(count):
            logprob = -dice.uniform(0.0, 4.0)
            right = dice.random() < math.exp(logprob)
            found.append(example(number, logprob, "foo" if right else "bar"))
        return found

    def test_the_weights_tell_right_from_wrong(self) -> None:
        weights = fit.fit(self.examples())
        assert set(weights.features) == set(NAMES)
        judged = figures.judge(self.examples(200), weights)
        found = figures.calibration(judged)
        assert found.auc.mean > 0.75
        assert found.brier.mean < 0.8 * found.plain
        assert sum(one.count for one in found.bins) == found.judged == 200
        assert found.bins[0].right.mean < 0.1 and found.bins[-1].right.mean > 0.6

    def test_what_is_always_the_same_has_no_weight(self) -> None:
        weights = fit.fit(self.examples())
        assert weights.features["string"] == Feature(0.0, 0.0, 1.0)

    def test_the_mean_probability_is_the_share_of_right_ones(self) -> None:
        examples = self.examples()
        weights = fit.fit(examples)
        judged = figures.judge(examples, weights)
        share = sum(one.right for one in examples) / len(examples)
        assert sum(one.probability for one in judged) / len(judged) == pytest.approx(share, abs=0.01)

    def test_nothing_is_fitted_to_examples_that_are_all_wrong(self) -> None:
        with pytest.raises(ValueError, match="0 of 3 suggestions are right"):
            fit.fit([example(number, shown="bar") for number in range(3)])

    def test_what_is_written_can_be_shipped(self, tmp_path: Path) -> None:
        path, weights = tmp_path / "gate.json", fit.fit(self.examples())
        fit.write(path, "other", weights, {"cases": 1})
        fit.write(path, "one", weights, {"cases": 2})
        assert read(path) == {"other": weights, "one": weights}


@pytest.mark.parametrize(
    ("scores", "area"), [([0.1, 0.2, 0.8, 0.9], 1.0), ([0.9, 0.8, 0.2, 0.1], 0.0), ([0.5] * 4, 0.5)]
)
def test_area_under_the_curve(scores: list[float], area: float) -> None:
    assert figures.auc(np.array([0.0, 0.0, 1.0, 1.0]), np.array(scores)) == area


def test_no_area_where_all_are_right() -> None:
    assert math.isnan(figures.auc(np.array([1.0, 1.0]), np.array([0.1, 0.2])))


class TestFigures:
    JUDGED = figures.judge(
        [
            example(1, -0.1),  # right, and sure: 0.48
            example(2, -0.2, "foo(a)"),  # right to the letter: 0.45
            example(3, -3.0),  # right, but unsure: 0.05
            example(4, -2.0, "bar"),  # wrong: 0.12
            example(5, -0.3, "", raw="bar"),  # vetoed by a filter
            example(6, -0.1, "baz", steps=("eager",), silent=True, expected="", kind="finished"),
            example(7, -4.0, "bar", silent=True, expected="", kind="finished"),
        ],
        BY_ALL_TOKENS,
    )

    def test_the_curves(self) -> None:
        points = figures.curve(self.JUDGED, (0.5, 1 / 3))
        found = [(one.way, round(one.rate, 2), round(one.right, 2), round(one.exact, 2)) for one in points]
        assert found == [
            ("no filtering", 1.0, 0.5, 0.17),
            ("filters", 0.83, 0.6, 0.2),
            ("filters + first token", 0.5, 0.67, 0.33),
            ("filters + first token", 0.33, 1.0, 0.5),
            ("filters + gate", 0.5, 0.67, 0.33),
            ("filters + gate", 0.33, 1.0, 0.5),
        ]
        assert [round(one.ratio.mean, 2) for one in points] == [1.0, 1.2, 1.33, 2.0, 1.33, 2.0]

    def test_each_step(self) -> None:
        least = {"manual": 0.0, "calm": 0.46, "normal": 0.1, "eager": 0.01}
        found = {one.name: one for one in figures.steps(self.JUDGED, least)}
        assert list(found) == list(STEPS)
        assert [(one.asked, one.before, one.shown) for one in found.values()] == [(6, 5, 1), (6, 5, 3), (7, 6, 6)]
        assert [round(one.lost.mean, 2) for one in found.values()] == [0.67, 0.33, 0.0]
        assert [one.exact_lost.mean for one in found.values()] == [1.0, 0.0, 0.0]
        assert [one.quiet.mean for one in found.values()] == [1.0, 1.0, 0.0]
        assert [one.quiet_before for one in found.values()] == [0.5, 0.5, 0.0]
        assert [round(one.right.mean, 2) for one in found.values()] == [1.0, 0.67, 0.5]
