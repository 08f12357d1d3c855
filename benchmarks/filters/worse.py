"""Whether what filters have left of a suggestion makes its file parse worse than all of it, or none, would."""

from __future__ import annotations

from ai_lsp.filters.lexical import PAIRS, scan
from ai_lsp.syntax.faults import parsed
from benchmarks.filters.samples import Sample


def is_worse(sample: Sample, left: str) -> bool:
    """Return whether the file has more errors with `left` than with all of it, without it, and without the line.

    Brackets and quotes that a text leaves open may still be closed by whoever goes on.
    """
    place, lines = sample.place, sample.document.lines
    column = len(place.line_before)
    before = "".join([*lines[: place.line], lines[place.line][:column]])
    after = "".join([lines[place.line][column:], *lines[place.line + 1 :]])

    def faults(text: str) -> int:
        found = scan(text, place.language)
        closed = text + found.inside.strip() + "".join(PAIRS[text[at]] for at in reversed(found.opened))
        trees = (parsed(before + one + after, place.language) for one in (text, closed))
        return min(tree.faults if tree is not None else 0 for tree in trees)

    without_line = parsed("".join([*lines[: place.line], *lines[place.line + 1 :]]), place.language)
    most = max(faults(sample.text), faults(""), without_line.faults if without_line is not None else 0)
    return faults(left) > most
