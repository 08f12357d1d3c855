"""Typing traces."""

from __future__ import annotations

import itertools

import pytest

from benchmarks.latency import traces
from benchmarks.latency.corpus import File
from benchmarks.latency.traces import Event

FILES = [
    File(
        "a.py",
        "python",
        "".join(f"def function_{n}(first, second):\n    return first + {n}\n\n" for n in range(99)),
    ),
    File("b.ts", "typescript", "".join(f"export const value{n} = compute({n}, {n});\n" for n in range(99))),
    File("c.py", "python", "".join(f"constant_{n} = compute_more({n})\n" for n in range(300))),
]


def replayed(text: str, event: Event) -> str:
    return text[: event.offset] + event.text + text[event.offset + event.removed :]


def test_the_same_seed_gives_the_same_trace() -> None:
    assert traces.generate(FILES, 300, 1) == traces.generate(FILES, 300, 1)
    assert traces.generate(FILES, 300, 1) != traces.generate(FILES, 300, 2)


def test_what_is_cut_is_typed_again() -> None:
    texts = [file.text for file in FILES]
    for event in traces.generate(FILES, 1000, 3):
        texts[event.file] = replayed(texts[event.file], event)
    assert texts == [file.text for file in FILES]


def test_offsets_lie_in_the_text() -> None:
    texts = [file.text for file in FILES]
    for event in itertools.islice(traces.generate(FILES, 1000, 5), 500):
        assert 0 <= event.offset <= event.offset + event.removed <= len(texts[event.file])
        texts[event.file] = replayed(texts[event.file], event)


def test_every_kind_of_keystroke_comes() -> None:
    assert {event.kind for event in traces.generate(FILES, 3000, 1)} == set(traces.KINDS)


def test_a_person_types_60_to_120_words_a_minute() -> None:
    gaps = sorted(event.gap for event in traces.generate(FILES, 3000, 1) if event.kind == "char")
    assert 0.1 < gaps[len(gaps) // 2] < 0.2


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_people_often_switch_back(seed: int) -> None:
    events = traces.generate(FILES, 1000, seed)
    assert sum(event.kind == "revisit" for event in events) >= 15
    assert sum(event.kind == "revisit" for event in events[:300]) >= 2


@pytest.mark.parametrize("seed", range(20))
def test_switching_back_goes_on_next_to_where_the_file_was_left(seed: int) -> None:
    left: dict[int, int] = {}
    texts = [file.text for file in FILES]
    current = -1
    for event in traces.generate(FILES, 1000, seed):
        if event.kind == "revisit":
            assert event.file != current
            low, high = sorted((left[event.file], event.offset))
            assert texts[event.file].count("\n", low, high) <= 3
        if event.kind == "cold":
            assert event.file not in left
        current, left[event.file] = event.file, event.offset + len(event.text)
        texts[event.file] = replayed(texts[event.file], event)


def test_lines_are_cut_and_typed_again_the_same_in_another_file() -> None:
    text = "one = 1\ntwo = 22222\nthree = 33333\nfour = 4\n"
    events = traces.retyped(text, range(1, 3), seed=1)
    assert (events[0].kind, events[0].offset, events[0].removed) == ("jump", 8, 25)
    other = "# above\n" + text
    for event in traces.moved(events, 1, 8):
        assert event.file == 1
        other = replayed(other, event)
    assert other == "# above\n" + text
