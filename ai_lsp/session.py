"""A pipeline with its engine and no editor: what the command line uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from ai_lsp.completion.cache import Cache
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.pipeline import Pipeline
from ai_lsp.completion.place import Place
from ai_lsp.completion.request import Request, settings_from
from ai_lsp.completion.signals import Signals, signals_at
from ai_lsp.completion.standing import standing_at
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.window import place_at
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document
from ai_lsp.engine.worker import EngineState
from ai_lsp.filters.standard import Services
from ai_lsp.host import EngineHost
from ai_lsp.index.status import Status
from ai_lsp.knowledge import Knowledge
from ai_lsp.licences.watch import Licences
from ai_lsp.options import Options

_LOAD_SECONDS = 300.0
_PATIENT_SECONDS = 2.0
"""How long context may take here, twice: what sources prepare for the next time is there then."""


class Session:
    """Loads the model on entry, as an async context manager, and frees it on exit.

    A model that cannot be loaded is no error here: the pipeline answers with the reason. With a `root` its index
    is made or brought up to date, which `on_index` can follow, and suggestions wait for it. Its licence index is
    used as it is, if there is one; `licence_folder` holds those instead of the user's cache folder.
    """

    def __init__(
        self,
        options: Options,
        root: Path | None = None,
        on_index: Callable[[Status], None] = lambda _status: None,
        licence_folder: Path | None = None,
    ) -> None:
        self._root = root
        self._on_index = on_index
        self._model = replace(options.model, shelf_mb=0)  # every run is to show the same
        self._settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._indexed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.host = EngineHost(self._on_state)
        self._open: dict[str, Document] = {}
        self._paths: dict[str, str] = {}
        self.knowledge = Knowledge(lambda: self._open, self._path_of, self._on_index_status)
        self.licences = Licences(folder=licence_folder)
        self._services = Services(
            self.knowledge.modules,
            self._lines_of,
            copied=self.licences.copied,
            before_copied=self.licences.look_before,
            whole_of=lambda place: self.knowledge.whole(place, self._open.get(place.uri)),
        )
        self.pipeline = Pipeline(
            self.host,
            settings_from(options, self._services),
            Cache(0),
            Debounce(0, 0),
            contexts=self.knowledge.keeper,
        )
        self._options = options
        self.knowledge.use(options.context)
        self.licences.use(options.filters)

    def use(self, options: Options) -> None:
        """Take up other options for the next suggestions; the model stays, and so do the folders' indexes."""
        self._options = options
        self.knowledge.use(options.context)
        self.licences.use(options.filters)
        self.pipeline.settings = settings_from(options, self._services)

    async def __aenter__(self) -> Session:
        """Wait until the model is loaded or has failed to."""
        self.host.use(self._model)
        if self._root is not None:
            self.knowledge.open([self._root])
            await self.licences.look_up(self._root)
        await asyncio.wait_for(self._settled, _LOAD_SECONDS)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the model."""
        await self.knowledge.close()
        self.host.close()

    def visit(self, document: Document, line: int, *, path: str) -> None:
        """Have a document open, as if somebody had looked at `line` of it in an editor."""
        if self._open.get(document.uri) is not document:
            self._open[document.uri], self._paths[document.uri] = document, path
            self.knowledge.opened(document)
        self.knowledge.viewed(document.uri, line)

    def leave(self, document: Document) -> None:
        """Close a document and forget it."""
        if self._open.pop(document.uri, None) is not None:
            self.knowledge.closed(document)
            self.pipeline.closed(document.uri)

    def _lines_of(self, place: Place) -> Sequence[str] | None:
        document = self._open.get(place.uri)
        return document.lines if document is not None else None

    def _path_of(self, uri: str) -> str:
        return self._paths.get(uri, uri)

    async def suggest(
        self, document: Document, line: int, column: int, *, path: str, manual: bool = True, deadline_ms: int
    ) -> Trace:
        """Return what is suggested at `line` and `column` (code points) of `document`, which is shown as `path`.

        Context is gathered with patience, so that the result does not depend on the machine.
        """
        query = await self.gathered(document, line, column, path=path)
        return await self.answer(query, manual=manual, deadline_ms=deadline_ms)

    async def gathered(self, document: Document, line: int, column: int, *, path: str) -> Query:
        """Return what is asked for a place, once its context is in force."""
        self.visit(document, line, path=path)
        query = self._query(document, line, column, path)
        keeper = self.knowledge.keeper
        if self._root is not None and self._options.context.index:
            await self._indexed.wait()
        if keeper.rules.max_chars:
            keeper.rules = replace(keeper.rules, rest_seconds=_PATIENT_SECONDS)
            await keeper.renewed(query)
            if (found := await keeper.renewed(query)) is not None:
                keeper.adopt(query.place, found)
        return query

    async def answer(self, query: Query, *, manual: bool, deadline_ms: int) -> Trace:
        """Return what is suggested for `query` with the context in force."""
        signals = await self._signals(query)
        request = Request(query.place, manual, signals, deadline_ms=deadline_ms, query=query)
        return await self.pipeline.suggest(request)

    async def _signals(self, query: Query) -> Signals:
        """Return what text and tree tell of a place: nobody types here."""
        document = query.document
        root = await self.knowledge.trees.of(document).root()
        return signals_at(
            query.place, standing_at(query.place, root, document.lines), document_bytes=document.n_bytes
        )

    def _query(self, document: Document, line: int, column: int, path: str) -> Query:
        windows = self.pipeline.warming.room.windows(document.uri, self._options, self.pipeline.engine.state.info)
        place = place_at(
            document,
            line,
            column,
            path=path,
            prefix_chars=windows.prefix_chars,
            suffix_chars=windows.suffix_chars,
        )
        return Query(place, document, self._root, Path(document.path))

    def _on_state(self, state: EngineState) -> None:
        if state.kind in ("ready", "failed"):
            self._loop.call_soon_threadsafe(self._settle)

    def _on_index_status(self, _root: Path, status: Status) -> None:
        self._on_index(status)
        if status.kind != "building":
            self._indexed.set()

    def _settle(self) -> None:
        if not self._settled.done():
            self._settled.set_result(None)
