"""The next token by its logits."""

import numpy as np

from ai_lsp.engine.sampling import sample

LOGITS = np.array([0.0, 5.0, 4.9, -30.0, 1.0], dtype=np.float32)


def test_without_a_temperature_it_is_the_likeliest():
    assert sample(LOGITS, 0.0, np.random.default_rng(1)) == 1


def test_with_one_it_is_drawn_from_the_likely():
    random = np.random.default_rng(1)
    drawn = [sample(LOGITS, 1.0, random) for _ in range(200)]
    assert set(drawn) == {1, 2}


def test_a_high_one_draws_others_but_not_the_impossible():
    random = np.random.default_rng(1)
    assert {sample(LOGITS, 5.0, random) for _ in range(500)} == {0, 1, 2, 4}
