"""Cases: places in real code with what a person wrote there, chosen from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count as count_up
from math import gcd

from benchmarks.quality.code import Code
from benchmarks.quality.corpus import Repository, Source
from benchmarks.quality.holes import FINDERS, SILENT, Hole

KINDS = tuple(FINDERS)
_MOST_FILES = 40
"""Files of a package that are looked through for one kind."""


@dataclass(frozen=True)
class Case:
    """One place. The file without the hole is `prefix + suffix`."""

    package: str
    path: str
    """Within the package, with ``/``."""
    language: str
    kind: str
    prefix: str
    suffix: str
    cut: str
    """What was taken out."""

    @property
    def id(self) -> str:
        """A name that tells it from all others."""
        return f"{self.package}/{self.path}:{self.line + 1}:{self.column + 1}:{self.kind}"

    @property
    def silent(self) -> bool:
        """Whether showing nothing is right."""
        return self.kind in SILENT

    @property
    def expected(self) -> str:
        """What a suggestion should say; empty where there should be none."""
        return "" if self.silent else self.cut

    @property
    def text(self) -> str:
        """The file as it lies before the person types."""
        return self.prefix + self.suffix

    @property
    def line(self) -> int:
        """The cursor's line, zero-based."""
        return self.prefix.count("\n")

    @property
    def column(self) -> int:
        """The cursor's column in characters, zero-based."""
        return len(self.prefix) - self.prefix.rfind("\n") - 1


class _Package:
    """The cases of one package, by kind, found as they are asked for."""

    def __init__(self, repository: Repository, languages: Sequence[str], seed: int) -> None:
        self._repository = repository
        self._languages = languages
        self._seed = seed
        self._codes: dict[str, Code] = {}
        self._by_kind: dict[str, Iterator[Case]] = {}

    def next(self, kind: str) -> Case | None:
        """Return another case of `kind`, at most one a file; None when there are no more."""
        if kind not in self._by_kind:
            self._by_kind[kind] = self._find(kind)
        return next(self._by_kind[kind], None)

    def _find(self, kind: str) -> Iterator[Case]:
        sources = [source for source in self._repository.sources if source.language in self._languages]
        dice = random.Random(f"{self._seed} {self._repository.name} {kind}")
        dice.shuffle(sources)
        rounds: list[tuple[Source, list[Hole]]] = []
        for source in sources[:_MOST_FILES]:
            holes = list(FINDERS[kind](self._code(source)))
            dice.shuffle(holes)
            rounds.append((source, holes))
            if holes:
                yield self._case(source, kind, holes.pop())
        while any(holes for _, holes in rounds):
            for source, holes in rounds:
                if holes:
                    yield self._case(source, kind, holes.pop())

    def _code(self, source: Source) -> Code:
        if source.path not in self._codes:
            self._codes[source.path] = Code(source.language, source.text)
        return self._codes[source.path]

    def _case(self, source: Source, kind: str, hole: Hole) -> Case:
        text = source.text
        before, cut, after = text[: hole.start], text[hole.start : hole.end], text[hole.end :]
        return Case(self._repository.name, source.path, source.language, kind, before, after, cut)


def choose(
    repositories: Sequence[Repository],
    count: int,
    seed: int,
    *,
    kinds: Sequence[str] = KINDS,
    languages: Sequence[str],
) -> list[Case]:
    """Return `count` cases, or as many as there are, the packages and the kinds by turns.

    The first cases of a longer list are those of a shorter one. No two cases have the same line before the cursor
    and the same hole.
    """
    found: list[Case] = []
    seen: set[tuple[str, str]] = set()
    order = [_Package(repository, languages, seed) for repository in repositories]
    random.Random(seed).shuffle(order)
    left, turn, step = dict(enumerate(order)), 0, _step(len(order), len(kinds))
    while left and len(found) < count:
        for index, package in list(left.items()):
            first = (index + turn * step) % len(kinds)
            case = _another(package, [*kinds[first:], *kinds[:first]], seen)
            if case is None:
                del left[index]
            else:
                found.append(case)
        turn += 1
    return found[:count]


def _step(packages: int, kinds: int) -> int:
    """Return by how many kinds each turn must go on so that every package meets every kind."""
    return next(step for step in count_up(packages) if gcd(step, kinds) == 1)


def _another(package: _Package, kinds: list[str], seen: set[tuple[str, str]]) -> Case | None:
    """Return a case of the first of the kinds that the package has one of."""
    for kind in kinds:
        while (case := package.next(kind)) is not None:
            key = (case.prefix[case.prefix.rfind("\n") + 1 :].strip(), case.cut.strip())
            if key not in seen:
                seen.add(key)
                return case
    return None
