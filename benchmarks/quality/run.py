"""All contestants over all cases, a package at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.completion.window import place_at
from ai_lsp.options import CompletionOptions
from ai_lsp.session import Session
from benchmarks.quality import ours, scratch, visits
from benchmarks.quality.bench import Bench
from benchmarks.quality.cases import Case
from benchmarks.quality.contestants import Contestant
from benchmarks.quality.corpus import Repository
from benchmarks.quality.journal import Journal
from benchmarks.quality.outcomes import Outcome
from benchmarks.quality.recipes import PEERS
from benchmarks.quality.recipes.view import View

Say = Callable[[str], None]
_PREFIX_CHARS = 4500
"""Text before the cursor that recipes may choose from."""
Results = dict[str, list[Outcome]]
"""By contestant, its outcomes for the cases in their order."""


@dataclass
class Run:
    """What stays the same over the packages."""

    model: str
    seed: int
    contestants: Sequence[Contestant]
    say: Say
    manual: bool = False
    """Whether our own suggestions are asked for by hand, that is, without the trigger."""
    journal: Journal = field(default_factory=lambda: Journal(None, {}))
    _bench: Bench | None = field(default=None, init=False)

    async def over(self, cases: Sequence[Case], repositories: Sequence[Repository]) -> Results:
        """Return what each contestant shows for each of the cases; what the journal has is not asked again."""
        for repository in repositories:
            # In the order of the files, so that what they have in common stays in the KV.
            here = sorted((case for case in cases if case.package == repository.name), key=lambda one: one.id)
            asked = [one for one in self.contestants if not self.journal.has(one.name, here)]
            if asked:
                with tempfile.TemporaryDirectory(prefix="ai-lsp-quality-") as folder, caches_in(folder):
                    await self._package(asked, here, repository, Path(folder).resolve())
        if self._bench is not None:
            self._bench.close()
        shown = self.journal.shown
        return {
            one.name: [Outcome.of(case, shown[one.name, case.id]) for case in cases] for one in self.contestants
        }

    async def _package(
        self, asked: Sequence[Contestant], cases: Sequence[Case], repository: Repository, folder: Path
    ) -> None:
        root = scratch.copy(repository, cases, folder)
        for one in asked:
            if one.off is None:
                self._say(one, cases, repository)
                self.journal.add(one.name, cases, self._by_recipe(one.name, cases, repository))
        own = [(one, one.off) for one in asked if one.off is not None]
        if own:
            await self._ours(own, cases, repository, root)

    async def _ours(
        self,
        own: Sequence[tuple[Contestant, tuple[str, ...]]],
        cases: Sequence[Case],
        repository: Repository,
        root: Path,
    ) -> None:
        """Have our own server show what it does with the sources of each contestant, from one session."""
        holed, known = holed_texts(cases), ours.Known()
        async with Session(ours.options_with(self.model, ()), root) as session:
            for one, off in own:
                self._say(one, cases, repository)
                session.use(ours.options_with(self.model, off))
                traces = await ours.traces(
                    session,
                    cases,
                    root,
                    lambda case: visits.before(case, repository, holed, self.seed),
                    known,
                    manual=self.manual,
                )
                self.journal.add(one.name, cases, [trace.text for trace in traces])

    def _say(self, one: Contestant, cases: Sequence[Case], repository: Repository) -> None:
        self.say(f"{repository.name}: {one.name}, {len(cases)} cases")

    def _by_recipe(self, name: str, cases: Sequence[Case], repository: Repository) -> list[str]:
        if self._bench is None:
            self._bench = Bench(self.model)
        bench, holed = self._bench, holed_texts(cases)
        shown = []
        for case in cases:
            seen = view(case, repository, holed, bench, self.seed)
            shown.append(bench.suggest(seen.place, ours.signals(case, seen.place), PEERS[name](seen)))
        return shown


@contextmanager
def caches_in(folder: str) -> Iterator[None]:
    """Have indexes of repositories that will be gone made in `folder`, not in the user's cache."""
    name, before = "XDG_CACHE_HOME", os.environ.get("XDG_CACHE_HOME")
    os.environ[name] = f"{folder}/cache"
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def holed_texts(cases: Sequence[Case]) -> dict[str, str]:
    """Return the text of each file without the holes of all cases, by path; they are of one package."""
    by_path: dict[str, list[Case]] = {}
    for case in cases:
        by_path.setdefault(case.path, []).append(case)
    return {path: scratch.without_holes(found) for path, found in by_path.items()}


def place_of(case: Case) -> Place:
    """Return the case's place with more text before the cursor than any recipe takes."""
    return place_at(
        ours.document(case, Path("/repository")),
        case.line,
        case.column,
        path=case.path,
        prefix_chars=_PREFIX_CHARS,
        suffix_chars=CompletionOptions().suffix_chars,
    )


def view(case: Case, repository: Repository, holed: dict[str, str], bench: Bench, seed: int) -> View:
    """Return what a recipe sees of `case`."""

    @cache
    def files() -> tuple[visits.Visit, ...]:
        return tuple(
            visits.Visit(one.path, one.language, holed.get(one.path, one.text), 0)
            for one in repository.sources
            if one.path != case.path and one.language == case.language
        )

    before = visits.before(case, repository, holed, seed)
    return View(case, place_of(case), before, files, bench.count, bench.fim)
