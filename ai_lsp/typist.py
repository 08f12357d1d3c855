"""One client's typing: where it is, what is kept warm for it, and what is suggested there."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from lsprotocol import types

from ai_lsp.attention import Attention
from ai_lsp.completion.cache import Cache
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.disclosure import in_a_line
from ai_lsp.completion.pipeline import Pipeline
from ai_lsp.completion.request import Request, settings_from
from ai_lsp.completion.trace import Trace
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document
from ai_lsp.options import CompletionOptions
from ai_lsp.places import Places, with_selected
from ai_lsp.protocol import received

if TYPE_CHECKING:
    from ai_lsp.server import Server

log = logging.getLogger(__name__)

_REQUEST_SECONDS = 0.005
"""How long what an edit makes warm waits for the edit's request, which mostly comes with it and does the same."""


class Typist:
    """Belongs to the event loop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.attention = Attention(server.history, server.knowledge.trees)
        completion = server.options.completion
        self.pipeline = Pipeline(
            server.relay,
            settings_from(server.options, server.services),
            Cache(completion.cache_entries),
            Debounce(completion.debounce_min_ms, completion.debounce_max_ms),
            contexts=server.knowledge.keeper,
        )
        self._places = Places()
        self._asked: set[str] = set()
        self._latest: Query | None = None
        self._soon: asyncio.TimerHandle | None = None

    def configure(self) -> None:
        """Take up new options."""
        options = self._server.options
        self.pipeline.settings = settings_from(options, self._server.services)
        self.pipeline.cache.resize(options.completion.cache_entries)
        self.pipeline.debounce.limit(options.completion.debounce_min_ms, options.completion.debounce_max_ms)
        self._places.forget()

    async def suggest(
        self,
        uri: str,
        position: types.Position,
        *,
        manual: bool,
        selected: types.SelectedCompletionInfo | None = None,
    ) -> tuple[Trace, Document] | None:
        """Run the pipeline for one request; None when there is nothing to show."""
        server, document = self._server, self._server.open_document(uri)
        if document is None or not server.options.enabled:
            return None
        server.active()
        self._asked.add(uri)
        server.knowledge.viewed(uri, position.line)
        query = self._query(document, *document.index(position))
        if selected is not None:
            query = replace(query, place=with_selected(query.place, document, selected))
        signals = self.attention.signals(query, popup=selected is not None)
        look = functools.partial(self.attention.look, query)
        request = Request(query.place, manual, signals, received.get(), query=query, look=look)
        trace = await self.pipeline.suggest(request)
        server.history.add(trace)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s", in_a_line(trace))
        return (trace, document) if trace.text else None

    def focused(self, uri: str) -> None:
        """Prefill for a document that somebody looks at: where it was left, else all of it if that fits."""
        server, document = self._server, self._server.open_document(uri)
        self._places.forget()
        if document is None or not server.options.enabled:
            return
        server.active()
        if uri in self._asked and document.edit_end != (0, 0):
            self._warm(self._query(document, *document.edit_end))
        elif document.n_chars <= self._windows(uri).prefix_chars:
            line = len(document.lines) - 1
            self._warm(self._query(document, line, len(document.lines[line])), passing=True)

    def edited(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take note of a change, so that stale work stops and the KV follows the text."""
        uri = params.text_document.uri
        server, document = self._server, self._server.open_document(uri)
        self._places.forget()
        self.pipeline.debounce.observe(time.monotonic())
        if document is None or not server.options.enabled:
            return
        self.attention.edited(document)
        server.active()
        if uri not in self._asked:
            return
        change = params.content_changes[-1] if params.content_changes else None
        if isinstance(change, types.TextDocumentContentChangePartial):
            query = self._query(document, *document.edit_end)
            self.pipeline.changed(query.place)
            self._warm_soon(query)

    def closed(self, uri: str) -> None:
        """Forget a document."""
        self._asked.discard(uri)
        self.pipeline.closed(uri)

    def rest(self) -> None:
        """Use a pause in typing for the document that was typed in."""
        query = self._latest
        if query is not None and self._is_there(query):
            following = self._places.following(query, self._windows(query.place.uri))
            self._server.run(self.pipeline.warming.rest(query, following))

    def _query(self, document: Document, line: int, column: int) -> Query:
        """Return the place, which is the latest one from now on."""
        windows = self._windows(document.uri)
        self._latest = self._places.query(self._server.documents, document, line, column, windows)
        return self._latest

    def _windows(self, uri: str) -> CompletionOptions:
        """Return the options for windows of a document, whose prompts have to fit into the KV."""
        pipeline = self.pipeline
        return pipeline.warming.room.windows(uri, self._server.options, pipeline.engine.state.info)

    def _is_there(self, query: Query) -> bool:
        """Whether a place is still as it was, in a document in which somebody types."""
        return query.place.uri in self._asked and query.document.version == query.place.version

    def _warm_soon(self, query: Query) -> None:
        """Prefill for where an edit ended, unless a request is under way there by then, or there was another edit.

        At once it would keep the interpreter from the request, which mostly comes with the edit.
        """

        def warm() -> None:
            if self._is_there(query) and not self.pipeline.is_asked(query.place.uri):
                self._warm(query)

        if self._soon is not None:
            self._soon.cancel()
        self._soon = asyncio.get_running_loop().call_later(_REQUEST_SECONDS, warm)

    def _warm(self, query: Query, *, passing: bool = False) -> None:
        """Prefill for a place, once its context is there."""
        if not self.pipeline.warming.warm(query.place, passing=passing):
            self._server.run(self.pipeline.warming.prepare(query, passing=passing))
