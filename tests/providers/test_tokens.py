"""What servers say of the tokens of a text."""

from __future__ import annotations

import pytest

from ai_lsp.providers.tokens import Token, tokens_of

ROW = {"token": "x", "logprob": -0.5}


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        7,
        "x",
        [ROW],  # not all of the text
        [ROW, ROW, ROW],  # more than it
        [ROW, {"token": "y", "logprob": None}],
        [ROW, {"token": "y", "logprob": float("-inf")}],
        [ROW, {"token": "y", "logprob": "-1"}],
        [ROW, {"token": "y", "logprob": True}],
        [ROW, {"token": 5, "logprob": -1.0}],
        [ROW, "y"],
        {"content": None},
        {"tokens": None, "token_logprobs": [-1.0, -1.0]},
        {"tokens": ["x", "y"], "token_logprobs": [None, -1.0]},
        {"tokens": ["x", "y"], "token_logprobs": [-1.0]},
        [{"tok_str": "xy", "probs": [{"prob": 0.5}]}],
    ],
)
def test_what_does_not_fit_the_text_says_nothing(said: object) -> None:
    assert tokens_of("xy", said) == [Token("xy")]


def test_an_empty_text() -> None:
    assert tokens_of("", []) == [Token("")]
