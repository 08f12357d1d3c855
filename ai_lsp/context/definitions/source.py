"""The source `definitions`: signatures and docs of what the code at the cursor uses, along its imports."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from ai_lsp.completion.place import Place
from ai_lsp.context.definitions.drafts import Draft, Drafts
from ai_lsp.context.definitions.interpreter import Environment, environment_for
from ai_lsp.context.definitions.local_names import LocalNames
from ai_lsp.context.definitions.lookup import Found, Lookup
from ai_lsp.context.definitions.members import ranked
from ai_lsp.context.definitions.modules import is_installed
from ai_lsp.context.definitions.outlines import Module, Outlines, module_of
from ai_lsp.context.definitions.picks import Pick, snippets_of
from ai_lsp.context.definitions.resolutions import Resolutions
from ai_lsp.context.definitions.surroundings import Surroundings
from ai_lsp.context.definitions.uses import Access, Use, access, uses
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.syntax.languages import language_of
from ai_lsp.syntax.outline import Definition

_SECONDS = 0.004
"""How long files are parsed for one answer; what is left is prepared for the next."""
_PAUSE_SECONDS = 0.05
"""How long what is put off waits, so that it does not take the interpreter from the sources that still answer."""
_PATIENCE_SECONDS = 1.0
"""How long it waits for the answer that somebody else waits for, before it is put off once more."""
_LARGE, _HEAD_LINES = 1_000_000, 2000
"""Characters from which on only so many lines of the document are outlined."""
_ENVIRONMENT_SECONDS = 10.0
"""How long an environment that was found is taken to be there."""
_MOST_USES, _MOST_MEMBERS, _MOST_OVERLOADS, _MOST_SNIPPETS = 40, 14, 3, 6
_LEAST_SCORE = 0.2
_FIRST_NAME_ONLY = 0.7
"""How much a class counts when it is not known what of it is used."""
_MEMBER, _INHERITED, _LESS_A_RANK = 0.95, 0.85, 0.99
_BY_INDEX, _WELL_KNOWN = 0.6, 0.6
_MOST_PLACES, _MOST_HITS, _MOST_QUESTIONS, _LEAST_NAME = 3, 20, 10, 4
_ALIAS = re.compile(r"(?:self|this)\.(\w+) = \1")
"""A field that says no more than its name, which whoever uses it has."""
_STATIC = re.compile(r"\bstatic\b")
_FAMILIES = (
    frozenset({"typescript", "typescriptreact", "javascript", "javascriptreact", "vue", "svelte"}),
    frozenset({"c", "cpp"}),
)


class DefinitionIndex(Protocol):
    """What the repository's index knows of definitions; asked in a thread."""

    def places(self, names: Sequence[str], limit: int) -> Mapping[str, Sequence[str]]:
        """Return the files of the repository, relative to it, that define each name, by `limit` definitions."""


@dataclass(frozen=True)
class _Asked:
    """A query as far as it may leave the event loop."""

    place: Place
    names: Sequence[str]
    lines: Sequence[str]
    root: Path
    file: Path
    index_root: Path | None

    @property
    def text(self) -> str:
        """The document's text; of a very large one the start, where its imports are."""
        if sum(map(len, self.lines)) <= _LARGE:
            return "".join(self.lines)
        return "".join(self.lines[:_HEAD_LINES])

    @property
    def before(self) -> list[str]:
        """The document's lines up to the cursor."""
        return [*self.lines[: self.place.line], self.place.line_before]


class Definitions:
    """Finds definitions in the document, in the repository and, for Python, in what is installed."""

    name = "definitions"

    def __init__(
        self,
        may_be_read: Callable[[Path], bool],
        index_of: Callable[[Path], DefinitionIndex | None] = lambda _root: None,
        environment: Callable[[Path | None], Environment] = environment_for,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`may_be_read` guards the files of workspaces; `index_of` returns the index of a root, if it has one."""
        self._outlines = Outlines(may_be_read, clock)
        self._resolutions = Resolutions(clock)
        self._drafts = Drafts(module_of)
        self._index_of = index_of
        self._environment = environment
        self._environments: dict[Path | None, tuple[float, Environment]] = {}
        self._clock = clock
        self._preparing: asyncio.Task[None] | None = None
        self._is_quiet = threading.Event()
        self._is_quiet.set()

    async def find(self, query: Query) -> list[Snippet]:
        """Return the definitions that may help at this place, one snippet for each file, best first."""
        root = query.root or (query.file.parent if query.file else None)
        if root is None:
            return []
        file = query.file or root / query.place.path
        asked = _Asked(query.place, query.names, list(query.document.lines), root, file, query.root)
        self._is_quiet.clear()
        try:
            found: list[Snippet] = await query.in_thread(self._find, asked)
            return found
        finally:
            self._is_quiet.set()
            self._prepare_soon()

    async def prepared(self) -> None:
        """Wait until all that was put off has been read."""
        while self._preparing is not None:
            await self._preparing
            self._prepare_soon()

    def _prepare_soon(self) -> None:
        if self._preparing is not None and self._preparing.done():
            self._preparing = None
        if self._preparing is None and (self._outlines.has_waiting or self._drafts.has_waiting):
            self._preparing = asyncio.create_task(self._prepare_later())

    async def _prepare_later(self) -> None:
        await asyncio.sleep(_PAUSE_SECONDS)
        await asyncio.to_thread(self._prepare)

    def _prepare(self) -> None:
        """Read one file after another, none while somebody waits for an answer."""
        while self._is_quiet.wait(_PATIENCE_SECONDS) and (self._drafts.prepare() or self._outlines.prepare()):
            pass

    def _find(self, asked: _Asked) -> list[Snippet]:
        until = self._clock() + _SECONDS
        place = asked.place
        folders = self._environment_of(asked.index_root).folders if place.language == "python" else ()
        module = self._drafts.get(Draft(place.uri, asked.file, place.language, asked.text))

        @cache
        def read(path: Path) -> Module | None:
            return module if path == asked.file else self._outlines.get(path, until)

        around = Surroundings(asked.before, place.language)
        lookup = Lookup(read, self._resolutions, asked.root, folders)
        names = LocalNames(module, around, lookup)
        picks = [*_members(asked, names), *self._used(asked, names, module, around, read)]
        shown = _Window(place, asked.file)
        picks = [_less_if_well_known(pick, asked.root) for pick in picks]
        kept = [pick for pick in picks if pick.score >= _LEAST_SCORE and not shown.has(pick.found)]
        return snippets_of(kept, self.name, lambda path: display(path, asked.root, folders))[:_MOST_SNIPPETS]

    def _used(
        self,
        asked: _Asked,
        names: LocalNames,
        module: Module,
        around: Surroundings,
        read: Callable[[Path], Module | None],
    ) -> Iterator[Pick]:
        unknown: list[Use] = []
        for use in uses(asked.place)[:_MOST_USES]:
            if found := names.find(use.chain):
                yield from _picks(found, use.weight)
            elif len(use.chain) > 1 and (found := names.find(use.chain[:1])):
                yield from _picks(found, use.weight * _FIRST_NAME_ONLY)
            elif not around.binds(use.chain[0]) and use.chain[0] not in module.bound:
                unknown.append(use)
        index = self._index_of(asked.index_root) if asked.index_root else None
        if index is not None:
            yield from _indexed(unknown, index, asked, read)

    def _environment_of(self, root: Path | None) -> Environment:
        now = self._clock()
        expires, environment = self._environments.get(root, (now, Environment()))
        if expires <= now:
            environment = self._environment(root)
            self._environments[root] = now + _ENVIRONMENT_SECONDS, environment
        return environment


def display(path: Path, root: Path, folders: Sequence[Path] = ()) -> str:
    """Return a file's name for people: within the root, else within what has it installed."""
    if is_installed(path) or not path.is_relative_to(root):
        if "node_modules" in path.parts:
            return path.as_posix().rpartition("node_modules/")[2]
        holders = [folder for folder in folders if path.is_relative_to(folder)]
        if not holders:
            return path.name
        return path.relative_to(max(holders, key=lambda folder: len(folder.parts))).as_posix()
    return path.relative_to(root).as_posix()


class _Window:
    """What the prompt shows of the cursor's document."""

    def __init__(self, place: Place, file: Path) -> None:
        self._file = file
        self._first = place.line - place.prefix.count("\n")
        self._last = place.line + place.suffix.count("\n")
        self._lines = {line.strip() for line in (place.prefix + place.suffix).split("\n")}

    def has(self, found: Found) -> bool:
        """Whether the head of a definition is in the window, by its line or, in an old outline, by its text."""
        if found.module.path != self._file:
            return False
        definition = found.definition
        head = definition.signature.strip().split("\n")[0].strip()
        within = self._first <= definition.line <= self._last
        return within or any(line.startswith(head) for line in self._lines if head)


def _members(asked: _Asked, names: LocalNames) -> Iterator[Pick]:
    """Yield what may follow the dot before the cursor."""
    wanted = access(asked.place.line_before)
    if wanted is None:
        return
    own = names.is_own(wanted.chain)
    for at, holder in enumerate(names.holders(wanted)):
        is_module = isinstance(holder, Module)
        members = holder.offered() if isinstance(holder, Module) else holder.module.members(holder.definition.name)
        module = holder if isinstance(holder, Module) else holder.module
        if module.language == "php":
            members = _reachable(members, wanted)
        best = ranked(members, wanted.partial, asked.names, private=own)[:_MOST_MEMBERS]
        score = _MEMBER * _INHERITED**at
        for rank, one in enumerate(best):
            found = names.within(module, one.name)[:1] if is_module and not one.signature else [Found(module, one)]
            yield from (Pick(each, score * _LESS_A_RANK**rank) for each in found)


def _reachable(members: list[Definition], wanted: Access) -> list[Definition]:
    """Return what PHP lets follow: constants and static members after ``::``, the others after ``->``."""
    if wanted.chain[0] == "parent":
        return members
    return [
        one for one in members
        if (one.kind == "constant" or _STATIC.search(one.signature.partition("(")[0]) is not None)
        == (wanted.link == "::")
    ]  # fmt: skip


def _picks(found: Sequence[Found], score: float) -> list[Pick]:
    telling = [one for one in found if not _ALIAS.fullmatch(one.definition.signature)]
    return [Pick(one, score) for one in telling[:_MOST_OVERLOADS]]


def _indexed(
    unknown: Sequence[Use], index: DefinitionIndex, asked: _Asked, read: Callable[[Path], Module | None]
) -> Iterator[Pick]:
    """Yield what the repository has under names that no import explains, where there are few of it."""
    unknown = [use for use in unknown if len(use.chain[-1]) >= _LEAST_NAME][:_MOST_QUESTIONS]
    found = index.places(list(dict.fromkeys(use.chain[-1] for use in unknown)), _MOST_HITS)
    for use in unknown:
        name = use.chain[-1]
        places = {asked.root / path for path in found.get(name, ())}
        if len(places) > (_MOST_PLACES if len(use.chain) == 1 else 1):
            continue
        for path in sorted(places):
            module = read(path) if _alike(language_of(path), asked.place.language) else None
            for one in module.definitions if module is not None else ():
                if module is not None and one.name == name:
                    yield Pick(Found(module, one), use.weight * _BY_INDEX / len(places))


def _less_if_well_known(pick: Pick, root: Path) -> Pick:
    """Count the standard library less: models have seen much of it."""
    path = pick.found.module.path
    if is_installed(path) or path.is_relative_to(root):
        return pick
    return Pick(pick.found, pick.score * _WELL_KNOWN)


def _alike(one: str, other: str) -> bool:
    return one == other or any(one in family and other in family for family in _FAMILIES)
