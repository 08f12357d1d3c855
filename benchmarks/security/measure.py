"""True continuations of real code, given to the filters as if a model had written them."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Filter
from ai_lsp.filters.lines import scan_before
from benchmarks.quality.corpus import Source

_PREFIX, _SUFFIX, _LONGEST = 4500, 2000, 400
"""Characters around a place, and of a suggestion."""
_LINES = (1, 1, 1, 3, 6)
"""Lines that suggestions have; one of these is drawn."""
_PLACES_A_FILE = 25


@dataclass
class Figures:
    """What the filters did to the true continuations of one language."""

    suggestions: int = 0
    stopped: Counter[str] = field(default_factory=Counter)
    """Suggestions that were cut or kept back, by filter and reason."""
    ms: list[float] = field(default_factory=list)
    """Milliseconds of CPU time of all filters together for each suggestion."""
    examples: list[str] = field(default_factory=list)


def continuations(sources: Sequence[Source], count: int, seed: int) -> Iterator[tuple[Place, str]]:
    """Yield `count` places in `sources`, as far as there are so many, with what follows there."""
    draw = random.Random(seed)
    files = draw.sample(sources, len(sources))
    places = [(source, row) for source in files for row in _rows(source, draw)]
    for source, row in places[:count]:
        lines = source.text.split("\n")
        column = draw.choice((len(lines[row]) - len(lines[row].lstrip()), len(lines[row]) // 2))
        last = row + draw.choice(_LINES)
        text = "\n".join([lines[row][column:], *lines[row + 1 : last]])[:_LONGEST].rstrip()
        if text:
            prefix = "\n".join([*lines[:row], lines[row][:column]])[-_PREFIX:]
            suffix = "\n" + "\n".join(lines[last:])[:_SUFFIX]
            yield Place(source.path, source.path, source.language, 1, prefix, suffix, row), text


def _rows(source: Source, draw: random.Random) -> list[int]:
    count = source.text.count("\n") + 1
    return draw.sample(range(count), min(_PLACES_A_FILE, count))


def measure(filters: Sequence[Filter], given: Iterable[tuple[Place, str]]) -> Figures:
    """Give true continuations to `filters`, each to all of them."""
    figures = Figures()
    for place, text in given:
        scan_before(place)  # the filters that run before have done so
        begin = time.thread_time()
        decisions = [decide(text, place) for decide in filters]
        figures.ms.append((time.thread_time() - begin) * 1000)
        figures.suggestions += 1
        for decision in decisions:
            if decision.text != text:
                figures.stopped[f"{decision.filter} {decision.reason.partition(':')[0]}"] += 1
                figures.examples.append(f"{place.path}:{place.line + 1}: {decision.reason}: {text[:80]!r}")
    return figures
