"""True continuations, and what is counted of them."""

from ai_lsp.filters.decision import Decision
from benchmarks.quality.corpus import Source
from benchmarks.security.measure import continuations, measure

TEXT = "".join(f"    x{row} = f({row})\n" for row in range(200))
SOURCES = [Source("a.py", "python", TEXT), Source("b.py", "python", TEXT)]


def test_a_continuation_is_what_the_file_has():
    given = list(continuations(SOURCES, 40, seed=1))
    assert given == list(continuations(SOURCES, 40, seed=1))
    assert 30 < len(given) <= 40
    for place, text in given:
        assert place.prefix[-100:] + text + place.suffix[:100] in TEXT
        assert TEXT.split("\n")[place.line].startswith(place.line_before)


def test_what_is_stopped_is_counted_by_filter_and_reason():
    def no_seven(text, place):
        stopped = "7" in text
        return Decision("no_seven", "" if stopped else text, "seven: an odd number" if stopped else "")

    given = list(continuations(SOURCES, 40, seed=1))
    figures = measure([no_seven], given)
    assert figures.suggestions == len(figures.ms) == len(given)
    assert figures.stopped == {"no_seven seven": sum("7" in text for _, text in given)}
    assert len(figures.examples) == figures.stopped.total()
