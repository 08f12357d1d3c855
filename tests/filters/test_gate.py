"""The gate: its features, its weights and its vetoes."""

from __future__ import annotations

import json
import logging
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.completion.signals import Signals
from ai_lsp.filters import gate
from ai_lsp.filters.gate import DEFAULT_MODEL, LEAST, NAMES, SHIPPED, Gate, GateError, features, gate_from, read
from ai_lsp.filters.tokens import spelling
from ai_lsp.options import CompletionOptions, FilterOptions, Options

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "gate.toml").read_text("utf-8"))["case"]
WEIGHTS = read(SHIPPED)[DEFAULT_MODEL]
LOGPROBS = st.lists(st.floats(max_value=0.0), min_size=1, max_size=60)
SIGNALS = st.builds(
    Signals,
    last=st.sampled_from(["", " ", ".", "(", "x"]),
    blank=st.booleans(),
    rest=st.sampled_from(["none", "closing", "text", "word"]),
    within=st.sampled_from(["code", "string"]),
    whole=st.booleans(),
    word=st.sampled_from(["", "new", "known", "begun", "literal"]),
)


def at(step: str, **options: Any) -> Gate:
    chosen = Options(completion=CompletionOptions(aggressiveness=step), filters=FilterOptions(**options))
    found = gate_from(chosen)
    assert found is not None
    return found


def tokens_of(logprobs: list[float]) -> list[tuple[str, float]]:
    return [("x", logprob) for logprob in logprobs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    tokens = [(piece, logprob) for piece, logprob in case["tokens"]]
    signals = Signals(language=case["language"], **case.get("signals", {}))
    for step in ("calm", "normal", "eager"):
        judge = at(step)
        shown = spelling(tokens, case["text"])
        doubt = judge.doubt(judge.probability(DEFAULT_MODEL, case["text"], shown, signals))
        assert (doubt is None) == (step in case["shown"]), (step, doubt)


def test_there_are_enough_cases_over_six_languages() -> None:
    assert len(CASES) >= 12
    assert {case["language"] for case in CASES} >= {"python", "typescript", "go", "rust", "java", "cpp"}


def test_the_features_of_a_suggestion() -> None:
    signals = Signals(last=".", rest="closing", word="known")
    found = features("a\nb", [("a", -0.5), ("\nb", -1.5)], signals)
    assert found == {
        **dict.fromkeys(NAMES, 0.0),
        "first": -0.5,
        "mean": -1.0,
        "least": -1.5,
        "total": -2.0,
        "tokens": pytest.approx(math.log(2)),
        "lines": pytest.approx(math.log(2)),
        "closing": 1.0,
        "known": 1.0,
        "access": 1.0,
    }


@given(LOGPROBS, SIGNALS)
def test_whatever_comes_is_a_probability(logprobs: list[float], signals: Signals) -> None:
    assert 0 <= WEIGHTS.probability(features("x" * len(logprobs), tokens_of(logprobs), signals)) <= 1


@given(LOGPROBS, SIGNALS, st.floats(0.0, 5.0))
def test_the_surer_the_model_the_more_probable(logprobs: list[float], signals: Signals, by: float) -> None:
    values = features("x", tokens_of(logprobs), signals)
    surer = {**values, "mean": values["mean"] + by}
    more, less = WEIGHTS.probability(surer), WEIGHTS.probability(values)
    assert more >= less if WEIGHTS.features["mean"].weight >= 0 else more <= less


def test_being_sure_of_all_tokens_counts_for_a_suggestion() -> None:
    sure, unsure = (features("x", tokens_of([logprob] * 5), Signals()) for logprob in (-0.05, -2.0))
    assert WEIGHTS.probability(sure) > WEIGHTS.probability(unsure)


def test_a_logprob_that_is_no_number() -> None:
    assert features("x", tokens_of([math.nan, -math.inf]), Signals())["least"] == -20.0


class TestWhichGate:
    def test_by_aggressiveness(self) -> None:
        assert [at(step).least for step in LEAST] == [0.0, *sorted(list(LEAST.values())[1:], reverse=True)]

    def test_switched_off(self) -> None:
        assert gate_from(Options(filters=FilterOptions(off=("gate",)))) is None

    def test_a_model_without_weights_is_gated_only_where_the_user_says_how(self) -> None:
        tokens = tokens_of([-3.0] * 5)
        assert at("calm").probability("qwen2.5-coder-1.5b", "x", tokens, Signals()) is None
        asked = at("calm", min_right_probability=0.5)
        probability = asked.probability("qwen2.5-coder-1.5b", "x", tokens, Signals())
        assert probability == asked.probability(DEFAULT_MODEL, "x", tokens, Signals())
        assert asked.doubt(probability) is not None

    @pytest.mark.parametrize("within", ["comment", "docstring"])
    def test_prose_is_not_judged(self, within: str) -> None:
        signals = replace(Signals(), within=within)
        assert at("calm").probability(DEFAULT_MODEL, "x", tokens_of([-5.0]), signals) is None

    def test_nothing_is_judged_whose_tokens_are_unknown(self) -> None:
        judge = at("calm")
        assert judge.doubt(judge.probability(DEFAULT_MODEL, "x", [], Signals())) is None

    def test_the_reason_names_probability_and_threshold(self) -> None:
        doubt = Gate(0.3, {}).doubt(0.114)
        assert doubt is not None and doubt.veto
        assert (doubt.filter, doubt.reason) == ("gate", "right with a probability of 0.11, below 0.30")


class TestFiles:
    @staticmethod
    def shipped_with(tmp_path: Path, **changed: Any) -> Path:
        models = json.loads(SHIPPED.read_text("utf-8"))
        models[DEFAULT_MODEL].update(changed)
        path = tmp_path / "gate.json"
        path.write_text(json.dumps(models))
        return path

    def test_what_is_shipped_is_for_these_features_and_says_where_it_comes_from(self) -> None:
        assert tuple(WEIGHTS.features) == NAMES
        about = json.loads(SHIPPED.read_text("utf-8"))[DEFAULT_MODEL]["about"]
        assert about["packages"] and not set(about["packages"]) & set(about["held out"])
        assert 0 < about["base rate"] < 1

    def test_features_of_another_version(self, tmp_path: Path) -> None:
        plain = json.loads(SHIPPED.read_text("utf-8"))[DEFAULT_MODEL]["features"]
        plain["moon"] = plain.pop("mean")
        with pytest.raises(GateError, match=r"features mean, moon.*install ai-lsp anew, or fit.*make gate"):
            read(self.shipped_with(tmp_path, features=plain))

    @pytest.mark.parametrize("bias", [None, "1", math.nan, math.inf])
    def test_a_bias_that_is_no_number(self, tmp_path: Path, bias: Any) -> None:
        with pytest.raises(GateError):
            read(self.shipped_with(tmp_path, bias=bias))

    @pytest.mark.parametrize("scale", [0, -1.0, math.nan])
    def test_a_scale_that_is_none(self, tmp_path: Path, scale: float) -> None:
        features = {name: {"weight": 1.0, "mean": 0.0, "scale": scale} for name in NAMES}
        with pytest.raises(GateError):
            read(self.shipped_with(tmp_path, features=features))

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {}}', '{"a": {"features": []}}'])
    def test_a_file_of_something_else(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "gate.json").write_text(text)
        with pytest.raises(GateError):
            read(tmp_path / "gate.json")

    def test_without_the_file_nothing_is_gated_and_the_log_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(gate, "SHIPPED", tmp_path / "gone.json")
        gate.shipped.cache_clear()
        try:
            with caplog.at_level(logging.ERROR):
                judge = at("calm")
        finally:
            gate.shipped.cache_clear()
        assert judge.probability(DEFAULT_MODEL, "x", tokens_of([-9.0]), Signals()) is None
        assert "not gated" in caplog.text and "gone.json" in caplog.text
