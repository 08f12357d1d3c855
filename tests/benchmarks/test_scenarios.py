"""What the scenarios make of their measurements."""

from __future__ import annotations

from benchmarks.latency.scenarios import busy, depth
from tests.benchmarks.answers import answer, from_cache, from_engine


def test_the_same_500_lines_lie_in_both_files() -> None:
    block = "".join(f"line_of_code_number = {n}\n" for n in range(600))
    (small, large), by = depth.files(block, "filler\n" * 100)
    assert large.text[by : by + len(small.text)] == small.text
    assert (small.text.count("\n"), large.text.count("\n")) == (500, 50_000)
    assert large.text.count("\n", 0, by) + 250 == 25_000
    assert depth.code_lines(block)[0] == 250


def test_depth_compares_keys_that_were_answered_alike() -> None:
    small = [from_cache(ms=1), from_engine(ms=100), from_engine(ms=100), answer(ms=50, overtaken=True)]
    large = [from_cache(ms=2), from_cache(ms=2), from_engine(ms=110), from_engine(ms=300)]
    found = depth.figures(small, large)
    assert found["depth_pairs"] == 2
    assert found["depth_engine_p50_ratio"] == 1.1


def test_busy_is_compared_with_idle() -> None:
    busy_answers = [answer(ms=10), answer(ms=600, text=""), answer(ms=20, text=""), answer(ms=30, text="")]
    found = busy.figures(busy_answers, [answer(), answer(), answer(text=""), answer(text="")])
    assert (found["busy_late"], found["busy_shown"], found["busy_share"]) == (1, 0.25, 0.5)
