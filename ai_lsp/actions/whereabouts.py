"""Where lines are in a text that has changed while the model worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import Change
from ai_lsp.actions.forms.form import Result
from ai_lsp.actions.subject import Subject


def moved_to(lines: Sequence[str], subject: Subject, result: Result) -> Result:
    """Return a result whose changes fit `lines`, the document as it is now.

    Raises Refused where what they are about has changed, or is not where edits above would have moved it.
    """
    before = subject.text.lines
    first, last = span(subject, result.changes)
    wanted = list(before[first : last + 1])
    for shift in dict.fromkeys((0, len(lines) - len(before))):
        if first + shift >= 0 and list(lines[first + shift : last + 1 + shift]) == wanted:
            moved = tuple(_shifted(one, shift) for one in result.changes)
            return replace(result, changes=moved)
    raise Refused("the text has changed while the model worked: ask again")


def span(subject: Subject, changes: Sequence[Change]) -> tuple[int, int]:
    """Return the lines, inclusive, that must be as they were: the subject's and all that is changed."""
    last = len(subject.text.lines) - 1
    first = min(subject.first, *(one.start[0] for one in changes))
    return first, min(last, max(subject.last, *(one.end[0] for one in changes)))


def _shifted(one: Change, shift: int) -> Change:
    return Change((one.start[0] + shift, one.start[1]), (one.end[0] + shift, one.end[1]), one.text)
