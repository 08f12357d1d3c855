"""Gathers context as the server does, at many places of a large repository, and times every source."""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import time
import types
from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lsprotocol.types import Position, Range, TextDocumentContentChangePartial

from ai_lsp.completion.window import place_at
from ai_lsp.context.gather import Gatherer
from ai_lsp.context.snippet import Query, Snippet, Source
from ai_lsp.documents import Document
from ai_lsp.index.status import Status
from ai_lsp.knowledge import Knowledge
from ai_lsp.loop import settle
from ai_lsp.options import Options
from ai_lsp.privacy.secrets import redact
from ai_lsp.syntax.languages import language_of

_OPEN = 12
"""Documents that are open at a time."""
_STAYS = 8
"""Places that are visited in a document before another one is opened."""
_GAP = 0.1
"""Seconds from one key to the next, as of somebody who types 120 words a minute."""
_PATIENT = 5.0
"""Seconds that sources get, so that it is known how long each really takes."""
_SWITCH = 0.001
"""How long a thread keeps the interpreter, as in the server."""
_SUFFIXES = (".py", ".ts", ".js", ".c", ".h", ".cpp", ".go", ".rs", ".java", ".rb")
_LEAST_BYTES = 2_000


@dataclass
class Gathering:
    """Milliseconds. `sources` and `whole` are by the clock on the wall, `busy` and `work` are CPU time."""

    whole: list[float] = field(default_factory=list)
    late: list[tuple[str, ...]] = field(default_factory=list)
    """Which sources would have missed the time that a key has, for each place."""
    sources: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    busy: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Of the loop's own thread, for each single step of a source."""
    work: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Of the loop's thread and of those that answer, for each answer; what is prepared for later is left out."""
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class _Timed:
    """A source whose steps on the event loop are timed."""

    def __init__(self, source: Source, figures: Gathering) -> None:
        self.name = source.name
        self._source = source
        self._figures = figures

    async def find(self, query: Query) -> Sequence[Snippet]:
        steps: list[float] = []
        threads: list[float] = []
        query = replace(query, in_thread=_clocked(query.in_thread, threads))
        snippets: Sequence[Snippet] = await _stepwise(self._source.find(query), steps)
        self._figures.busy[self.name] += steps
        self._figures.work[self.name].append(sum(steps) + sum(threads))
        self._figures.found[self.name] += len(snippets)
        return snippets


def _clocked(in_thread: Callable[..., Awaitable[Any]], threads: list[float]) -> Callable[..., Awaitable[Any]]:
    """Return `in_thread`, but that it notes the CPU time too."""

    def timed(function: Callable[..., Any], *arguments: Any) -> Awaitable[Any]:
        def run() -> Any:
            begin = time.thread_time()
            try:
                return function(*arguments)
            finally:
                threads.append(1000 * (time.thread_time() - begin))

        return in_thread(run)

    return timed


@types.coroutine
def _stepwise(coroutine: Any, steps: list[float]) -> Generator[Any, Any, Any]:
    """Run a coroutine and note the CPU time of each of its steps."""
    send, value = coroutine.send, None
    while True:
        begin = time.thread_time()
        try:
            awaited = send(value)
        except StopIteration as end:
            return end.value
        finally:
            steps.append(1000 * (time.thread_time() - begin))
        try:
            send, value = coroutine.send, (yield awaited)
        except BaseException as error:
            send, value = coroutine.throw, error


async def gather(root: Path, folder: Path, count: int, patience: float = _PATIENT) -> Gathering:
    """Return the figures of `count` places in the repository at `root`, whose index is in `folder`."""
    figures = Gathering()
    ready = asyncio.Event()
    open_ones: dict[str, Document] = {}

    def told(_root: Path, status: Status) -> None:
        if status.kind not in ("building", "off"):
            ready.set()

    knowledge = Knowledge(lambda: open_ones, lambda uri: _name(uri, root), told, folder)
    knowledge.use(Options().context)
    with _as_the_server():
        knowledge.open([root])
        try:
            await ready.wait()
            timed = [_Timed(source, figures) for source in knowledge.keeper.gatherer.sources]
            typist = _Typist(knowledge, open_ones, root)
            await _visit(typist, Gatherer(timed, redact), figures, count, patience)
        finally:
            await knowledge.close()
    return figures


@contextmanager
def _as_the_server() -> Iterator[None]:
    """Let threads have their turns as often as in the server, and leave the heap to collect as it was."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.unfreeze()


async def _visit(typist: _Typist, gatherer: Gatherer, figures: Gathering, count: int, patience: float) -> None:
    options = Options().context
    hot = options.gather_ms
    for number in range(count):
        if number % _STAYS == 0:
            document = typist.open_another()
            await asyncio.sleep(_GAP)
            await gatherer.gather(typist.looks_at(document), seconds=patience, max_chars=options.max_chars)
            settle()  # as the server does at rest
        await asyncio.sleep(_GAP)
        query = typist.at_work(document)
        begin = time.perf_counter()
        found = await gatherer.gather(query, seconds=patience, max_chars=options.max_chars)
        figures.whole.append(1000 * (time.perf_counter() - begin))
        figures.late.append(tuple(name for name, ms in found.ms.items() if ms > hot) + found.late)
        for name, ms in found.ms.items():
            figures.sources[name].append(ms)


class _Typist:
    """Opens documents, looks around in them, and changes a line now and then."""

    def __init__(self, knowledge: Knowledge, open_ones: dict[str, Document], root: Path) -> None:
        self._knowledge = knowledge
        self._open = open_ones
        self._root = root
        self._dice = random.Random(2)
        self._files = [
            path for path in sorted(root.rglob("*"))
            if path.suffix in _SUFFIXES and path.is_file() and path.stat().st_size > _LEAST_BYTES
        ]  # fmt: skip

    def open_another(self) -> Document:
        """Return a document that was opened just now; the oldest one is closed."""
        path = self._dice.choice(self._files)
        if (known := self._open.pop(path.as_uri(), None)) is None:
            known = Document(path.as_uri(), version=1, language_id=language_of(path))
            self._knowledge.opened(known)
        self._open[known.uri] = known
        while len(self._open) > _OPEN:
            self._knowledge.closed(self._open.pop(next(iter(self._open))))
        return known

    def looks_at(self, document: Document) -> Query:
        """Return a place in a document that was just opened, whose context the server gathers at once."""
        return self._query(document, self._dice.randrange(len(document.lines)), 0)

    def at_work(self, document: Document) -> Query:
        """Return a place where a line was just begun anew."""
        line = self._dice.randrange(len(document.lines))
        text = document.lines[line].rstrip("\r\n")
        half = len(text) // 2
        self._knowledge.viewed(document.uri, line)
        rest = Range(Position(line, half), Position(line, len(text)))
        document.apply_change(TextDocumentContentChangePartial(range=rest, text=""))
        document.version = (document.version or 0) + 1
        return self._query(document, line, half)

    def _query(self, document: Document, line: int, column: int) -> Query:
        completion = Options().completion
        place = place_at(
            document, line, column, path=_name(document.uri, self._root),
            prefix_chars=completion.prefix_chars, suffix_chars=completion.suffix_chars,
        )  # fmt: skip
        return Query(place, document, self._root, Path(document.path))


def _name(uri: str, root: Path) -> str:
    return uri.removeprefix(root.as_uri() + "/")
