"""Where a generation ends: rules on its text, and what is kept when the model is no longer sure."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ai_lsp.completion.ending import collapse, ending
from ai_lsp.completion.stop import Stop, safe_prefix
from ai_lsp.engine.generation import Generation
from tests.fakes import place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases/ending.toml").read_text("utf-8"))[
    "case"
]
SURE, UNSURE = -0.1, -5.0
FLOOR = math.log(0.01)


def judged(tokens: Sequence[str], doubt: int) -> str | None:
    """What is kept of `tokens`, of which the one of that number is unsure; None when all is."""
    text, ends, logprobs = "", [], []
    for number, token in enumerate(tokens):
        text += token
        ends.append(len(text))
        logprobs.append(UNSURE if number == doubt else SURE)
        if (found := collapse(text, logprobs, ends, FLOOR)) is not None:
            assert found.reason == "unsure"
            assert text.startswith(text[: found.at])
            return text[: found.at]
    return None


@pytest.mark.parametrize(
    ("tokens", "doubt", "kept"),
    [
        (["len", "(", "path", ")"], -1, None),
        (["len", "(", "path", ")"], 2, "len("),
        (["len", "(", "path", "_", "of", ")"], 4, "len("),  # within a name: none of it
        (["path", ".", "exists", "()"], 2, "path"),  # not a dot that nothing follows
        (["self", "->", "size", ";"], 2, "self"),
        (["std", "::", "vec", ";"], 2, "std"),
        (["f", "(", "a", ",", " b", ")"], 4, "f(a,"),
        (["f", "(", "a", ")", " +", " 1"], 4, "f(a)"),
        (["(", "a", ")"], 1, ""),  # a bracket alone is not worth showing
        ([")", " +", " a"], 1, ""),
        (["x", " = 1", "\n    ", "y", " = 2"], 4, "x = 1"),  # whole lines, if there is one
        (["x", " = 1", "\n", "    y", " = ", "z"], 5, "x = 1"),
        (["é", "té", "(", "ñ", ")"], 3, "été("),
    ],
)
def test_what_was_sure_is_kept(tokens: list[str], doubt: int, kept: str | None) -> None:
    assert judged(tokens, doubt) == kept


def test_the_first_token_alone_is_not_judged() -> None:
    assert collapse("path", [-9.0], [4], FLOOR) is None
    assert collapse("path)", [-9.0, -0.1], [4, 5], FLOOR) == Stop(4, "unsure")


def test_small_doubts_add_up() -> None:
    tokens = [f"word{number}, " for number in range(8)]
    text = "".join(tokens)
    ends = [sum(map(len, tokens[: number + 1])) for number in range(8)]
    assert collapse(text, [-0.5] * 8, ends, FLOOR) is None
    assert collapse(text, [-0.6] * 8, ends, FLOOR) == Stop(ends[-2], "unsure")


def written(tokens: Sequence[tuple[str, float]], least: float, prefix: str = "x = 1\ny = ") -> Generation:
    generation = Generation()
    stop_at = ending(place(prefix, "\n"), multiline="auto", max_lines=8, least=least)
    for token, logprob in tokens:
        generation.add(token.encode(), logprob)
        if (found := stop_at(generation)) is not None:
            generation.cut(*found)
            break
    return generation


DOUBTFUL = [("len", SURE), ("(", SURE), ("path", UNSURE), (")", SURE), ("\n", SURE), ("z", SURE)]


def test_the_first_reason_to_end_counts() -> None:
    generation = written(DOUBTFUL, 0.01)
    assert (generation.text, generation.reason, generation.finished) == ("len(", "unsure", True)
    assert safe_prefix(generation.text, generation.finished) == "len("
    generation = written(DOUBTFUL, 0.001)
    assert (generation.text, generation.reason) == ("len(path)", "end of the statement")


def test_zero_never_cuts() -> None:
    never = [(token, -50.0) for token, _ in DOUBTFUL]
    assert written(never, 0.0).text == "len(path)"


def test_ends_are_characters_whatever_the_tokens_split() -> None:
    generation = Generation()
    for piece in ("é".encode()[:1], "é".encode()[1:], b"t"):
        generation.add(piece, SURE)
    assert generation.ends == [0, 1, 2]


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}: {case['name']}")
def test_case(case: dict[str, Any], size: int) -> None:
    generation = Generation()
    here = place(case["before"], case["after"], language=case["language"])
    lines = {"multiline": case.get("multiline", "auto"), "max_lines": case.get("max_lines", 8)}
    stop_at = ending(here, **lines, least=0.01)
    for start in range(0, len(case["text"]), size):
        generation.add(case["text"][start : start + size].encode(), 0.0)
        if (found := stop_at(generation)) is not None:
            generation.cut(*found)
            break
    assert generation.text.rstrip() == case["kept"].rstrip()
    assert generation.reason


def test_there_are_cases_in_six_languages() -> None:
    assert {case["language"] for case in CASES} >= {"python", "typescript", "go", "rust", "java", "cpp"}
