from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from ai_lsp.engine.llama import LlamaContext
from ai_lsp.engine.sequences import Sequences
from ai_lsp.engine.shelf import Shelf


def tokens(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


class Taken:
    """A shelf that only takes."""

    def __init__(self) -> None:
        self.saved: list[tuple[int, int]] = []

    def find(self, _tokens: object, _least: int) -> None:
        return None

    def put(self, sequence: int, tokens: np.ndarray, _window: object) -> None:
        self.saved.append((sequence, len(tokens)))


class Cells:
    """A context that only remembers what it was asked."""

    def __init__(self, sequences: int = 3, rewinds: bool = True) -> None:
        self.sequences = sequences
        self.rewinds = rewinds
        self.removed: list[tuple[int, int]] = []

    def remove(self, sequence: int, start: int) -> bool:
        self.removed.append((sequence, start))
        return self.rewinds or start == 0

    def decode(self, tokens: object, start: int, sequence: int, *, logits: int) -> None:
        pass

    def logits(self, index: int) -> np.ndarray:
        return np.full(4, index, dtype=np.float32)


def over(cells: Cells, shelf: Taken | None = None) -> Sequences:
    return Sequences(cast(LlamaContext, cells), cast("Shelf | None", shelf))


class TestChoose:
    def test_the_one_that_shares_most(self) -> None:
        sequences = over(Cells())
        first, _ = sequences.choose(np.arange(100, dtype=np.int32))
        sequences.touch(first)
        sequences.evaluate(first, np.arange(100, dtype=np.int32))
        again, reused = sequences.choose(np.arange(110, dtype=np.int32))
        assert (again.id, reused) == (first.id, 100)

    def test_another_file_takes_the_least_recently_used(self) -> None:
        sequences = over(Cells())
        for start in (0, 1000):
            one, _ = sequences.choose(np.arange(start, start + 100, dtype=np.int32))
            sequences.touch(one)
            sequences.evaluate(one, np.arange(start, start + 100, dtype=np.int32))
        third, reused = sequences.choose(np.arange(5000, 5100, dtype=np.int32))
        assert reused == 0
        back, reused = sequences.choose(np.arange(1000, 1100, dtype=np.int32))
        assert reused == 100
        assert back.id != third.id

    def test_a_hurried_prompt_pushes_nothing_out(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(np.arange(100, dtype=np.int32))
        scratch, _ = sequences.choose(np.arange(50, dtype=np.int32), scratch=True)
        assert one.id != scratch.id

    def test_one_sequence_serves_all(self) -> None:
        sequences = over(Cells(sequences=1))
        one, _ = sequences.choose(tokens(1, 2))
        scratch, _ = sequences.choose(tokens(3), scratch=True)
        assert one is scratch


class TestKeep:
    def test_forgets_the_rest(self) -> None:
        cells = Cells()
        sequences = over(cells)
        one, _ = sequences.choose(tokens(1, 2, 3))
        sequences.evaluate(one, tokens(1, 2, 3))
        assert sequences.keep(one, 2) == 2
        assert one.tokens.tolist() == [1, 2]
        assert cells.removed == [(one.id, 2)]

    @pytest.mark.parametrize(("kept", "saved"), [(100, [(0, 600)]), (20, [(0, 600)]), (500, [])])
    def test_what_another_prompt_takes_away_is_saved(self, kept: int, saved: list[tuple[int, int]]) -> None:
        shelf = Taken()
        sequences = over(Cells(), shelf)
        one, _ = sequences.choose(np.arange(600, dtype=np.int32))
        sequences.evaluate(one, np.arange(600, dtype=np.int32))
        sequences.keep(one, kept)
        assert shelf.saved == saved

    def test_a_memory_that_cannot_rewind_is_cleared(self) -> None:
        cells = Cells(rewinds=False)
        sequences = over(cells)
        one, _ = sequences.choose(tokens(1, 2, 3))
        sequences.evaluate(one, tokens(1, 2, 3))
        assert sequences.keep(one, 2) == 0
        assert one.tokens.tolist() == []
        assert cells.removed == [(one.id, 2), (one.id, 0)]


class TestShelf:
    def test_what_makes_room_for_what_is_put_away_is_not_taken(self) -> None:
        class Full(Taken):
            """Has room for one prompt."""

            def find(self, _tokens: object, _least: int) -> object:
                return None if self.saved else "a prompt"

            def touch(self, saved: object) -> None:
                pass

            def take(self, saved: object, sequence: int) -> np.ndarray:
                raise AssertionError(f"{saved} is gone")

        sequences = over(Cells(sequences=2), Full())
        one, _ = sequences.choose(tokens(1))
        sequences.evaluate(one, np.arange(600, dtype=np.int32))
        again, reused = sequences.choose(np.arange(1000, 1600, dtype=np.int32))
        assert (again.id, reused, len(again.tokens)) == (one.id, 0, 600)


class TestLogits:
    def test_of_the_positions_that_were_asked_for(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(tokens(5, 6, 7))
        sequences.evaluate(one, tokens(5, 6, 7), logits=2)
        assert {position: row[0] for position, row in one.logits.items()} == {2: 1.0, 3: 2.0}
        assert one.holds(2, 7) and not one.holds(3, 7)

    def test_go_with_their_tokens(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(tokens(5, 6, 7))
        sequences.evaluate(one, tokens(5, 6, 7), logits=3)
        sequences.keep(one, 2)
        assert sorted(one.logits) == [1, 2]

    def test_the_first_of_a_long_run_stay(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(tokens(1))
        for n in range(60):
            sequences.evaluate(one, tokens(n), logits=1)
        assert sorted(one.logits) == [*range(1, 24), 60]

    def test_those_before_the_branch_go_first(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(tokens(1))
        for _ in range(10):
            sequences.evaluate(one, tokens(1), logits=1)
        one.branch = 11
        for _ in range(24):
            sequences.evaluate(one, tokens(1), logits=1)
        assert sorted(one.logits) == [*range(11, 35)]

    def test_few_are_kept_where_another_sequence_is_used_since(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(tokens(1))
        sequences.touch(one)
        one.branch = 3
        for _ in range(10):
            sequences.evaluate(one, tokens(1), logits=1)
        assert len(one.logits) == 10
        sequences.touch(one)
        assert len(one.logits) == 10
        other, _ = sequences.choose(tokens(2), scratch=True)
        sequences.touch(other)
        assert sorted(one.logits) == [3, 4, 5, 6]

    def test_the_rows_of_a_guess_all_stay(self) -> None:
        sequences = over(Cells())
        one, _ = sequences.choose(tokens(1))
        for _ in range(24):
            sequences.evaluate(one, tokens(1), logits=1)
        one.branch = 24
        sequences.evaluate(one, np.ones(16, dtype=np.int32), logits=16)
        assert set(range(25, 41)) <= set(one.logits)
