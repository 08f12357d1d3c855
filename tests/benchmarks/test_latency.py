"""The benchmark's own arithmetic, without a model."""

from __future__ import annotations

import itertools

import pytest

from benchmarks.latency import report, traces
from benchmarks.latency.corpus import File
from benchmarks.latency.replay import Answer

FILES = [
    File(
        "a.py",
        "python",
        "".join(f"def function_{n}(first, second):\n    return first + {n}\n\n" for n in range(99)),
    ),
    File("b.ts", "typescript", "".join(f"export const value{n} = compute({n}, {n});\n" for n in range(99))),
]


class TestTraces:
    def test_the_same_seed_gives_the_same_trace(self) -> None:
        assert traces.generate(FILES, 300, 1) == traces.generate(FILES, 300, 1)
        assert traces.generate(FILES, 300, 1) != traces.generate(FILES, 300, 2)

    def test_what_is_cut_is_typed_again(self) -> None:
        texts = [file.text for file in FILES]
        for event in traces.generate(FILES, 1000, 3):
            text = texts[event.file]
            texts[event.file] = text[: event.offset] + event.text + text[event.offset + event.removed :]
        assert texts == [file.text for file in FILES]

    def test_every_kind_of_keystroke_comes(self) -> None:
        assert {event.kind for event in traces.generate(FILES, 3000, 1)} == set(traces.KINDS)

    def test_a_person_types_60_to_120_words_a_minute(self) -> None:
        events = traces.generate(FILES, 3000, 1)
        gaps = sorted(event.gap for event in events if event.kind == "char")
        assert 0.1 < gaps[len(gaps) // 2] < 0.2


def answer(kind: str = "char", ms: float = 10.0, text: str = "x", **counts: int) -> Answer:
    trace = {"counts": counts, "stages": {"total": ms, "decode": 6.0, "debounce": 1.0}} if counts else {}
    return Answer(kind, 0, ms, text, trace=trace)


class TestReport:
    @pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 3), (0.95, 5), (1.0, 5)])
    def test_percentile(self, share: float, value: float) -> None:
        assert report.percentile([5, 3, 1, 2, 4], share) == value

    def test_cancelled_answers_do_not_count(self) -> None:
        row = report.Row.of("all", [answer(ms=5), answer(ms=7, text=""), Answer("char", 0, 900, cancelled=True)])
        assert (row.count, row.shown, row.worst) == (2, 1, 7)

    def test_counts(self) -> None:
        found = [
            answer(prompt=100, reused=90, evaluated=10),
            answer("enter", prompt=100, reused=100, evaluated=0),
            answer(ms=600.0, text=""),
        ]
        figures = report.counts(found)
        assert figures["share_reused"] == 0.95
        assert (figures["evaluated_within_line_p95"], figures["evaluated_after_enter_p95"]) == (10, 0)
        assert figures["late"] == 1

    def test_own_time_is_what_is_neither_waiting_nor_llama(self) -> None:
        assert report.own_ms(answer(prompt=1).trace) == 3.0

    def test_the_ratio_to_the_limit(self) -> None:
        found = [answer(ms=12), answer(ms=20, text=""), answer("jump", ms=99)]
        assert report.warm_ratio(found, lambda _answer: 6.0) == [2.0]


def test_offsets_of_a_trace_lie_in_the_text() -> None:
    texts = [file.text for file in FILES]
    for event in itertools.islice(traces.generate(FILES, 1000, 5), 500):
        text = texts[event.file]
        assert 0 <= event.offset <= event.offset + event.removed <= len(text)
        texts[event.file] = text[: event.offset] + event.text + text[event.offset + event.removed :]
