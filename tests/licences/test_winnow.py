from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.licences.winnow import GRAM, GUARANTEED, WINDOW, hashes, winnow

CODES = st.lists(st.integers(1, 2**32 - 1), max_size=60).map(lambda codes: np.array(codes, np.uint32))
PASSAGES = st.lists(st.integers(1, 2**32 - 1), min_size=GUARANTEED, max_size=40, unique=True).map(
    lambda codes: np.array(codes, np.uint32)
)


@settings(deadline=None)
@given(CODES, PASSAGES, CODES)
def test_every_passage_that_is_long_enough_is_found_again(
    before: np.ndarray, passage: np.ndarray, after: np.ndarray
) -> None:
    prints, _ = winnow(np.concatenate((before, passage, after)))
    assert set(prints.tolist()) & set(hashes(passage).tolist())


@settings(deadline=None)
@given(CODES)
def test_the_positions_are_those_of_the_hashes(codes: np.ndarray) -> None:
    prints, at = winnow(codes)
    assert prints.tolist() == hashes(codes)[at].tolist()
    assert (np.diff(at.astype(np.int64)) > 0).all()


def test_it_keeps_about_one_of_five() -> None:
    codes = np.random.default_rng(1).integers(1, 2**32, 20_000, np.uint32)
    share = len(winnow(codes)[0]) / len(codes)
    assert abs(share - 2 / (WINDOW + 1)) < 0.02


def test_rows_of_the_same_few_tokens_have_no_fingerprints() -> None:
    assert len(winnow(np.array([3, 5, 7] * 50, np.uint32))[0]) == 0


def test_short_rows() -> None:
    assert len(hashes(np.arange(1, GRAM, dtype=np.uint32))) == 0
    assert len(winnow(np.arange(1, GRAM + 1, dtype=np.uint32))[0]) == 1
