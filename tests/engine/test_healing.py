from __future__ import annotations

import numpy as np
import pytest

from ai_lsp.engine import healing
from ai_lsp.engine.llama import LlamaModel
from ai_lsp.engine.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("text", "head", "tail"),
    [
        ("", "", ""),
        ("return", "", "return"),
        ("x = fo", "x =", " fo"),
        ("x = ", "x =", " "),
        ("def f():\n    ", "def f():", "\n    "),
        ("def f():\n    re", "def f():", "\n    re"),
        ("self.na", "self", ".na"),
        ("foo(", "foo", "("),
        ('print("', "print", '("'),
        ("café.crè", "café", ".crè"),
        ("a\n\n\tb", "a", "\n\n\tb"),
        ("x" * 100, "x" * 52, "x" * 48),
        ("if x" + " " * 300, "if x" + " " * 100, " " * 200),
    ],
)
def test_split(text: str, head: str, tail: str) -> None:
    assert healing.split(text) == (head, tail)


class TestBest:
    def logits(self, vocabulary: Vocabulary, **wanted: float) -> np.ndarray:
        logits = np.zeros(len(vocabulary.pieces), dtype=np.float32)
        for piece, value in wanted.items():
            logits[vocabulary.pieces.index(piece.encode())] = value
        return logits

    def test_free(self, vocabulary: Vocabulary) -> None:
        choice = healing.best(self.logits(vocabulary, the=5.0, a=3.0), vocabulary, b"")
        assert vocabulary.pieces[choice.token] == b"the"

    def test_forced_takes_the_likeliest_that_can_spell_it(self, vocabulary: Vocabulary) -> None:
        logits = self.logits(vocabulary, the=9.0, ret=2.0, r=1.0)
        choice = healing.best(logits, vocabulary, b"ret")
        assert vocabulary.pieces[choice.token] == b"ret"

    def test_the_logprob_is_among_the_allowed(self, vocabulary: Vocabulary) -> None:
        logits = self.logits(vocabulary, the=90.0, ret=50.0)
        assert healing.best(logits, vocabulary, b"ret").logprob == pytest.approx(0.0, abs=1e-3)
        assert healing.best(logits, vocabulary, b"").logprob == pytest.approx(0.0, abs=1e-3)

    def test_unlike_known_texts(self, vocabulary: Vocabulary) -> None:
        logits = self.logits(vocabulary, the=9.0, th=8.0, a=7.0)
        choice = healing.best(logits, vocabulary, b"", [b"there"])
        assert vocabulary.pieces[choice.token] == b"a"
        assert choice.logprob == pytest.approx(-4.0, abs=0.1)

    def test_unlike_counts_from_the_end_of_what_is_forced(self, vocabulary: Vocabulary) -> None:
        logits = self.logits(vocabulary, returns=9.0, retry=8.0, ret=7.0)
        choice = healing.best(logits, vocabulary, b"ret", [b"urns(x)"])
        assert vocabulary.pieces[choice.token] == b"retry"

    def test_what_ends_the_text_is_nothing_new(self, vocabulary: Vocabulary) -> None:
        logits = self.logits(vocabulary, a=7.0)
        logits[next(iter(vocabulary.ends))] = 9.0
        choice = healing.best(logits, vocabulary, b"", [b"the"])
        assert vocabulary.pieces[choice.token] == b"a"


class TestSpelling:
    @pytest.mark.parametrize("text", [b"ret", b" fo", b"\n    ", b"_", "é".encode()])
    def test_is_every_token_that_can_come_next(self, vocabulary: Vocabulary, text: bytes) -> None:
        expected = {
            token
            for token, piece in enumerate(vocabulary.pieces)
            if piece and (piece.startswith(text) or text.startswith(piece))
        }
        assert set(vocabulary.spelling(text).tolist()) == expected

    def test_longest_matches_spell_the_text(self, vocabulary: Vocabulary) -> None:
        tokens = vocabulary._longest_matches(b"return self.items")
        assert b"".join(vocabulary.pieces[token] for token in tokens) == b"return self.items"

    def test_ends_hold_the_end_of_text(self, vocabulary: Vocabulary, model: LlamaModel) -> None:
        assert model.tokenize("<|im_end|>", special=True)[0] in vocabulary.ends
