"""Which files a person had open before the one that a case is in: every recipe is told the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import PurePosixPath

from benchmarks.quality.cases import Case
from benchmarks.quality.corpus import Repository, Source

_NEAR, _ELSEWHERE = 4, 4


@dataclass(frozen=True)
class Visit:
    """A file that was open, and the line (zero-based) where the cursor was."""

    path: str
    language: str
    text: str
    line: int


def before(case: Case, repository: Repository, texts: dict[str, str], seed: int) -> list[Visit]:
    """Return up to eight files in the order in which they were visited, the latest last.

    Four are from anywhere in the package and four, later, from the case's own folder or as near to it as there
    are; all are in the case's language. They depend on the folder, not on the case: one works on more than one
    thing in a sitting. `texts` has the files that have holes.
    """
    others = [one for one in repository.sources if one.path != case.path and one.language == case.language]
    anywhere = random.Random(f"{seed} {case.package}")
    elsewhere = anywhere.sample(others, min(_ELSEWHERE, len(others)))
    folder = PurePosixPath(case.path).parent
    dice = random.Random(f"{seed} {case.package} {folder}")
    rest = [one for one in others if one not in elsewhere]
    dice.shuffle(rest)
    rest.sort(key=lambda one: -_shared(folder, PurePosixPath(one.path).parent))
    return [_visit(source, texts, seed) for source in [*elsewhere, *reversed(rest[:_NEAR])]]


def _shared(left: PurePosixPath, right: PurePosixPath) -> int:
    """Return how near two folders are: the parts that they share, less those by which `right` is deeper."""
    same = 0
    for one, other in zip(left.parts, right.parts, strict=False):
        if one != other:
            break
        same += 1
    return 2 * same - len(right.parts)


def _visit(source: Source, texts: dict[str, str], seed: int) -> Visit:
    text = texts.get(source.path, source.text)
    line = random.Random(f"{seed} {source.path}").randrange(text.count("\n") + 1)
    return Visit(source.path, source.language, text, line)
