"""The licence indexes of a client's folders: built, watched over, and asked."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from pygls.uris import to_fs_path

from ai_lsp.completion.place import Place
from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.schema import path_for
from ai_lsp.index.status import Status
from ai_lsp.index.walk import is_too_broad
from ai_lsp.licences.match import Match, codes_before, find
from ai_lsp.licences.settings import Settings, default_folder
from ai_lsp.licences.table import Table, newest_path
from ai_lsp.licences.trees import state
from ai_lsp.options import FilterOptions

log = logging.getLogger(__name__)

_FIRST_SECONDS = 10.0
"""How long a builder makes way for the model that is loaded and the repository index that is built first."""
_PATROL_SECONDS = 60.0
"""How often it is looked whether packages have come or gone."""


def settings_from(options: FilterOptions) -> Settings | None:
    """Return what the builder is told; None where the filter is switched off."""
    if "licence" in options.off:
        return None
    return Settings(options.licences_allowed, options.licence_folders, index_bytes=options.licence_mb * 1_000_000)


class Licences:
    """The indexes of some folders. Belongs to the event loop."""

    def __init__(
        self,
        on_status: Callable[[Path, Status], None] = lambda _root, _status: None,
        *,
        folder: Path | None = None,
        command: Sequence[str] = (sys.executable, "-m", "ai_lsp.licences"),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`on_status` is told, in the loop, how the index of a folder comes along; `folder` holds the indexes."""
        self._on_status = on_status
        self._folder = folder or default_folder()
        self._command = command
        self._sleep = sleep
        self._settings: Settings | None = None
        self._roots: tuple[Path, ...] = ()
        self._builders: dict[Path, tuple[Settings, IndexBuilder]] = {}
        self._tables: dict[Path, Table] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._patrol: asyncio.Task[None] | None = None

    def use(self, options: FilterOptions) -> None:
        """Take up new options; the indexes that are kept follow them."""
        before, self._settings = self._settings, settings_from(options)
        if self._roots and self._settings != before:
            self.open(self._roots)

    def open(self, roots: Iterable[Path]) -> None:
        """Keep indexes of these folders and of no others. Returns at once."""
        self._roots = tuple(root for root in roots if not is_too_broad(root))
        wanted = self._roots if self._settings is not None else ()
        for root, (settings, builder) in list(self._builders.items()):
            if root not in wanted or settings != self._settings:
                del self._builders[root]
                self._tables.pop(root, None)
                self._run(builder.stop())
        for root in wanted:
            if root not in self._builders and self._settings is not None:
                self._open(root, self._settings)
        if self._builders and self._patrol is None:
            self._patrol = asyncio.get_running_loop().create_task(self._watch())

    def _open(self, root: Path, settings: Settings) -> None:
        def told(status: Status) -> None:
            if status.kind in ("ready", "limited"):
                self._run(self._load(root))
            self._on_status(root, status)

        builder = IndexBuilder(root, settings, told, folder=self._folder, command=self._command, rests=True)
        self._builders[root] = (settings, builder)
        self._run(self._load(root))
        self._run(self._start(root, builder))

    async def _start(self, root: Path, builder: IndexBuilder) -> None:
        """Start a builder when the server's own start is over, if it is still wanted then."""
        await self._sleep(_FIRST_SECONDS)
        if root in self._builders and self._builders[root][1] is builder:
            builder.start()

    async def look_up(self, root: Path) -> None:
        """Use the index of a folder as it is on disk; it is not built or watched over."""
        if self._settings is not None and (table := await self._newest(root)) is not None:
            self._tables[root] = table

    async def _load(self, root: Path) -> None:
        """Take up the newest table of a folder."""
        table = await self._newest(root)
        if table is not None and root in self._builders:
            self._tables[root] = table

    async def _newest(self, root: Path) -> Table | None:
        try:
            return await asyncio.to_thread(_newest, root, self._folder)
        except (OSError, ValueError) as error:
            log.warning("the licence index of %s cannot be read: %s", root, error)
            return None

    async def _watch(self) -> None:
        """Have those indexes built anew whose packages have changed."""
        known: dict[Path, object] = {}
        while True:
            for root, (settings, builder) in list(self._builders.items()):
                now = await asyncio.to_thread(_state, root, settings.folders)
                if known.setdefault(root, now) != now:
                    known[root] = now
                    builder.rescan()
            await self._sleep(_PATROL_SECONDS)

    def copied(self, text: str, place: Place) -> Match | None:
        """Return the passage that a suggestion copies or completes, None where it copies nothing."""
        tables = self._known()
        return find(text, place, tables, _file_of(place.uri)) if tables else None

    def look_before(self, place: Place) -> None:
        """Read what `copied` needs of the text before the cursor, whatever is suggested there."""
        if self._known():
            codes_before(place)

    def _known(self) -> list[Table]:
        """Return the tables that have something in them."""
        return [table for table in self._tables.values() if table.sources]

    def status(self) -> dict[Path, Status]:
        """Return the state of each folder's index."""
        return {root: builder.status for root, (_, builder) in self._builders.items()}

    async def close(self) -> None:
        """End the processes and the watch."""
        if self._patrol is not None:
            self._patrol.cancel()
        for task in self._tasks:
            task.cancel()
        stopping = [builder.stop() for _, builder in self._builders.values()]
        self._builders.clear()
        self._roots = ()
        await asyncio.gather(*stopping, *self._tasks, return_exceptions=True)

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _file_of(uri: str) -> str:
    """Return the file of a document without links, nothing for what is no file."""
    try:
        return os.path.realpath(to_fs_path(uri) or "")
    except (OSError, ValueError):
        return ""


def _newest(root: Path, folder: Path) -> Table | None:
    path = newest_path(path_for(root, folder))
    return None if path is None else Table(path)


def _state(root: Path, folders: tuple[str, ...]) -> object:
    """Return `state`, nothing for what cannot be looked at."""
    try:
        return state(root, folders)
    except OSError:
        return None
