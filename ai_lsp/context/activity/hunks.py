"""What edits have made of some lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import Indel, Levenshtein

Lines = tuple[str, ...]
"""Lines without their ends."""

_TOKEN = re.compile(r"[^\W\d]\w*|\d+|[^\w\s]")
_NAME = re.compile(r"[^\W\d]\w*")
_MOST_TOKENS = 2_000


class Run(NamedTuple):
    """Lines `first` to `stop`, without it, that were kept or became lines `new_first` to `new_stop`."""

    kept: bool
    first: int
    stop: int
    new_first: int
    new_stop: int


@dataclass(frozen=True)
class Edit:
    """Lines as they were, and as they are."""

    before: Lines
    after: Lines

    @cached_property
    def names(self) -> frozenset[str]:
        """The identifiers of the lines that were changed, as they are now and as they were."""
        changed = [
            line
            for run in self.runs
            if not run.kept
            for line in (*self.before[run.first : run.stop], *self.after[run.new_first : run.new_stop])
        ]
        return frozenset(_NAME.findall("\n".join(changed)))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Lines that were kept and lines that were changed, in turn."""
        runs: list[Run] = []
        for found in Indel.opcodes(self.before, self.after):
            kept = found.tag == "equal"
            run = Run(kept, found.src_start, found.src_end, found.dest_start, found.dest_end)
            if runs and runs[-1].kept == kept:
                run = run._replace(first=runs[-1].first, new_first=runs.pop().new_first)
            runs.append(run)
        return tuple(runs)

    @cached_property
    def renames(self) -> Counter[tuple[str, str]]:
        """How often which identifier became which other one, all around it staying as it was."""
        found: Counter[tuple[str, str]] = Counter()
        for run in self.runs:
            old = _TOKEN.findall("\n".join(self.before[run.first : run.stop]))
            new = _TOKEN.findall("\n".join(self.after[run.new_first : run.new_stop]))
            if not run.kept and old and new and max(len(old), len(new)) <= _MOST_TOKENS:
                found.update(_renames(old, new))
        return found

    def diff(self, start: int, context: int = 3, above: Lines = (), below: Lines = ()) -> str:
        r"""Return a unified-diff hunk, each line ended by ``\n``.

        `start` is the zero-based line of `after`; `above` and `below` are the lines around it, of which `context`
        at most are shown.
        """
        above, below = above[-context:] if context else (), below[:context]
        body = [f" {line}" for line in above]
        for run in self.runs:
            body += [f"{' ' if run.kept else '-'}{line}" for line in self.before[run.first : run.stop]]
            if not run.kept:
                body += [f"+{line}" for line in self.after[run.new_first : run.new_stop]]
        body += [f" {line}" for line in below]
        around = len(above) + len(below)
        line = start - len(above) + 1
        head = f"@@ -{line},{len(self.before) + around} +{line},{len(self.after) + around} @@"
        return "\n".join([head, *body, ""])

    def narrowed(self, context: int) -> tuple[int, Edit]:
        """Return the edit with `context` kept lines at most at its ends, and how many went at its start."""
        if all(run.kept for run in self.runs):
            return 0, Edit((), ())
        top, bottom = self.runs[0], self.runs[-1]
        first = max(0, top.stop - context) if top.kept else 0
        last = max(0, bottom.stop - bottom.first - context) if bottom.kept else 0
        return first, Edit(
            self.before[first : len(self.before) - last], self.after[first : len(self.after) - last]
        )


def _renames(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Return the identifiers that alone took each other's place, where most other tokens stayed.

    A line that was written anew is no rename, though some of its words stand where others stood.
    """
    found, kept = [], 0
    for run in Levenshtein.opcodes(old, new):
        if run.tag == "equal":
            kept += run.src_end - run.src_start
        elif run.src_end - run.src_start == run.dest_end - run.dest_start == 1:
            pair = old[run.src_start], new[run.dest_start]
            if all(map(_NAME.fullmatch, pair)):
                found.append(pair)
    return found if 2 * kept >= max(len(old), len(new)) else []
