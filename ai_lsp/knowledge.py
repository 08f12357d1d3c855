"""What is known beside the text around a cursor: one client's context sources, and the indexes of its folders."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types
from lsprotocol.converters import get_converter

from ai_lsp.completion.place import Place
from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.activity.journal import Journal
from ai_lsp.context.cochange import CoChange
from ai_lsp.context.definitions.source import Definitions
from ai_lsp.context.diagnostics import Diagnostics
from ai_lsp.context.gather import Gatherer
from ai_lsp.context.ignore import Readable
from ai_lsp.context.installed import Installed
from ai_lsp.context.keeper import ContextKeeper, ContextRules
from ai_lsp.context.neighbours import Neighbours
from ai_lsp.context.open_files import OpenFiles
from ai_lsp.context.recent_edits import RecentEdits
from ai_lsp.context.scope import Scope
from ai_lsp.context.similar import SimilarCode
from ai_lsp.context.snippet import Source
from ai_lsp.documents import Document
from ai_lsp.edits import Edit
from ai_lsp.filters.offered import read_ahead
from ai_lsp.filters.whole import Parts, whole_at
from ai_lsp.grammars import Grammars
from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.reader import Index
from ai_lsp.index.settings import Settings
from ai_lsp.index.status import Status
from ai_lsp.index.walk import is_too_broad
from ai_lsp.options import ContextOptions
from ai_lsp.plain import plain
from ai_lsp.privacy.secrets import redact
from ai_lsp.syntax.tree import Trees

log = logging.getLogger(__name__)

_TOO_BROAD = "this folder holds too much that is no project: open the project's own folder to have it indexed"


class Knowledge:
    """Sources, wired to what they look at. Belongs to the event loop."""

    def __init__(
        self,
        documents: Callable[[], Mapping[str, Document]] = dict,
        display_path: Callable[[str], str] = str,
        on_index: Callable[[Path, Status], None] = lambda _root, _status: None,
        index_folder: Path | None = None,
    ) -> None:
        """Take what is open, and how a document is called.

        `on_index` is told, on the event loop, how the index of a folder comes along; `index_folder` holds the
        indexes, by default that of the user's cache.
        """
        self._index_folder = index_folder
        self._documents = documents
        self._on_index = on_index
        self._options = ContextOptions()
        self.trees = Trees()
        self.grammars = Grammars()
        self._whole: Parts | None = None
        self._builders: dict[Path, IndexBuilder] = {}
        self._indexes: dict[Path, Index] = {}
        self._surveyed: set[Path] = set()
        """The folders whose languages are known."""
        self._roots: tuple[Path, ...] = ()
        self._readable = Readable(())
        self._editor = Editor(documents, display_path, self.may_be_read)
        self.diagnostics = Diagnostics(self._version_of)
        self.modules = Installed(lambda: self._roots, documents=documents)
        self.journal = Journal([self.diagnostics])
        self.definitions = Definitions(self.may_be_read, self._indexes.get)
        self.similar = SimilarCode(self._indexes.get)
        self.keeper = ContextKeeper(Gatherer(self._sources(), redact), ContextRules())

    def _sources(self) -> list[Source]:
        """Return the sources, of those that compute off the event loop the one first that helps most."""
        return [
            self.similar,
            self.definitions,
            Scope(self.trees),
            RecentEdits(self.journal, self._editor),
            OpenFiles(self.journal, self._editor),
            Neighbours(self._editor, CoChange()),
            self.diagnostics,
        ]

    def _version_of(self, uri: str) -> int | None:
        document = self._documents().get(uri)
        return document.version if document is not None else None

    def opened(self, document: Document) -> None:
        """Follow the edits of a document from now on."""
        document.observers.append(functools.partial(self._edited, document))
        asyncio.get_running_loop().call_soon(self._take_in, document, self._read_ahead)
        self.grammars.opened(document.language_id or "")

    def _take_in(self, document: Document, then: Callable[[Document], None] = lambda _document: None) -> None:
        """Note the text of a document once it is split into lines, a large one in several turns of the loop."""
        soon = asyncio.get_running_loop().call_soon
        if document.split_some():
            self.journal.opened(document)
            soon(then, document)
        else:
            soon(self._take_in, document, then)

    def _read_ahead(self, document: Document) -> None:
        start = Place(document.uri, document.path, document.language_id or "", document.version or 0, "", "")
        read_ahead(start, document.lines, self.modules)

    def _edited(self, document: Document, edit: Edit | None) -> None:
        if edit is None:  # a whole new text
            asyncio.get_running_loop().call_soon(self._take_in, document)
        else:
            self.journal.edited(document, *edit.start, edit.removed, edit.inserted, time.monotonic())

    def viewed(self, uri: str, line: int) -> None:
        """Take note that somebody looks at a line of a document."""
        self.journal.viewed(uri, line, time.monotonic())

    def took_diagnostics(self, params: Any) -> None:
        """Take up what a client passes on of ``textDocument/publishDiagnostics``; what is malformed is logged."""
        try:
            told = _converter().structure(plain(params), types.PublishDiagnosticsParams)
        except Exception as error:
            log.warning("diagnostics that make no sense: %s", error)
        else:
            self.diagnostics.set(told.uri, told.diagnostics, told.version)

    def whole(self, place: Place, document: Document | None) -> Parts | None:
        """Return the file around a place of `document`, where its tree is at hand; the last one is kept."""
        tree = self.trees.of(document).latest if document is not None else None
        if document is None or tree is None:
            return None
        if self._whole is None or self._whole.place != place or self._whole.empty.tree is not tree:
            self._whole = whole_at(place, document.lines, tree)
        return self._whole

    def closed(self, document: Document) -> None:
        """Take note of a document that is about to be forgotten."""
        self.journal.closed(document)
        self.diagnostics.closed(document.uri)
        self._whole = None

    def may_be_read(self, path: Path) -> bool:
        """Whether a file may get into a prompt."""
        return self._readable.may_be_read(path)

    def use(self, options: ContextOptions) -> None:
        """Take up new options; those of the index hold from the next `open`."""
        self._options = options
        self._readable = Readable(self._roots, options.exclude, options.never_read)
        rules = ContextRules(options.off, options.max_chars, options.gather_ms / 1000)
        if rules != self.keeper.rules:
            self.keeper.rules = rules
            self.keeper.clear()

    def open(self, roots: Iterable[Path]) -> None:
        """Heed the ignore files of these folders, and keep indexes of them and of no others. Returns at once."""
        self._roots = tuple(roots)
        self._readable = Readable(self._roots, self._options.exclude, self._options.never_read)
        wanted = {root for root in self._roots if self._options.index}
        for root in [root for root in self._builders if root not in wanted]:
            self._indexes.pop(root).close()
            asyncio.get_running_loop().create_task(self._builders.pop(root).stop())
        for root in wanted - self._builders.keys():
            self._open(root)
        self.modules.refresh()

    def _open(self, root: Path) -> None:
        if is_too_broad(root):
            self._on_index(root, Status("limited", _TOO_BROAD))
            return
        loop = asyncio.get_running_loop()
        builder = IndexBuilder(
            root,
            index_settings(self._options),
            functools.partial(self._index_news, root),
            folder=self._index_folder,
        )

        def stale(path: Path) -> None:
            loop.call_soon_threadsafe(builder.update, (path,))

        self._builders[root], self._indexes[root] = builder, Index.open(root, self._index_folder, on_stale=stale)
        builder.start()

    def _index_news(self, root: Path, status: Status) -> None:
        """Pass on the state of an index; once it is complete, have the folder's languages loaded at rest."""
        self._on_index(root, status)
        index = self._indexes.get(root)
        if index is not None and status.kind in ("ready", "limited") and root not in self._surveyed:
            self._surveyed.add(root)
            asking = asyncio.get_running_loop().run_in_executor(None, index.languages)
            asking.add_done_callback(lambda done: self.grammars.expect(done.result()))

    def changed(self, paths: Iterable[Path]) -> None:
        """Take note of files that have come, changed or gone on disk."""
        known = list(paths)
        for builder in self._builders.values():
            builder.update(known)

    def index_of(self, root: Path) -> Index | None:
        """Return the index of a workspace folder; None where there is none."""
        return self._indexes.get(root)

    def index_status(self) -> dict[Path, Status]:
        """Return the state of each folder's index."""
        return {root: builder.status for root, builder in self._builders.items()}

    async def close(self) -> None:
        """End the processes that keep the indexes."""
        for index in self._indexes.values():
            index.close()
        await asyncio.gather(*(builder.stop() for builder in self._builders.values()))
        self._builders.clear()
        self._indexes.clear()


def index_settings(options: ContextOptions) -> Settings:
    """Return what the options say of indexes."""
    return Settings(
        exclude=options.exclude,
        never=options.never_read,
        file_bytes=options.index_file_bytes,
        index_bytes=options.index_mb * 1_000_000,
        keep_days=options.index_days,
    )


_converter = functools.cache(get_converter)  # making one takes 100 ms, and few clients need it
