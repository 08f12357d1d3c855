"""What sources may know of the open documents."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pygls.uris import to_fs_path

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_SCHEMES = frozenset({"file", "untitled", "vscode-notebook-cell", "vscode-remote"})
"""Whose documents a person works on. Others show output, settings or old versions."""
_TRUSTED_SECONDS = 5.0
"""How long an answer about a file holds: it takes some looks at the disk, and half a millisecond."""
_OLD_SECONDS = 2.0
"""After so long it is worth a new look, as it must hold until all who asked for that are done."""
_FORGOTTEN_SECONDS = 60.0
"""How long one that is not open is asked about again."""
_Answer = tuple[float, bool]
"""When a file was asked about, and whether it may be read."""


class Editor:
    """The open documents, and which of them may get into a prompt. Belongs to the event loop."""

    def __init__(
        self,
        documents: Callable[[], Mapping[str, Document]],
        display_path: Callable[[str], str],
        may_be_read: Callable[[Path], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`documents` returns the open ones by URI, `display_path` names one as a person would."""
        self.display_path = display_path
        self.may_be_read = may_be_read
        self.clock = clock
        self._documents = documents
        self._answers: dict[str, _Answer] = {}
        self._looking: asyncio.Future[dict[str, _Answer]] | None = None

    @property
    def documents(self) -> Mapping[str, Document]:
        """The open documents by URI, without those that must never be read."""
        return {uri: document for uri, document in self._documents().items() if self.readable(uri)}

    def readable(self, uri: str) -> bool:
        """Whether a document, open or not, may get into a prompt; a look at the disk, unless `look` had one."""
        if self._age(uri) > _TRUSTED_SECONDS:
            self._answers |= self._ask([uri])
        return self._answers[uri][1]

    async def look(self) -> None:
        """Ask in a thread about the open documents, and what was asked about lately, where it is some time ago."""
        if self._looking is None:
            lately = {uri for uri in self._answers if self._age(uri) <= _FORGOTTEN_SECONDS}
            self._answers = {uri: self._answers[uri] for uri in lately}
            if not (old := [uri for uri in lately | self._documents().keys() if self._age(uri) > _OLD_SECONDS]):
                return
            self._looking = asyncio.ensure_future(asyncio.to_thread(self._ask, old))
            self._looking.add_done_callback(self._looked)
        await asyncio.shield(self._looking)

    def _looked(self, looking: asyncio.Future[dict[str, _Answer]]) -> None:
        self._looking = None
        if not looking.cancelled():
            self._answers |= looking.result()

    def _age(self, uri: str) -> float:
        """Return how many seconds ago a document was asked about."""
        return self.clock() - self._answers[uri][0] if uri in self._answers else math.inf

    def files(self) -> dict[Path, Document]:
        """Return the open documents that lie on disk, by where they lie, without those that must never be read."""
        paths = {_path_of(uri): document for uri, document in self.documents.items() if uri.startswith("file:")}
        return {path: document for path, document in paths.items() if path is not None}

    def _ask(self, uris: Iterable[str]) -> dict[str, _Answer]:
        return {uri: (self.clock(), self._may_be_read(uri)) for uri in uris}

    def _may_be_read(self, uri: str) -> bool:
        path = _path_of(uri)
        return uri.partition(":")[0] in _SCHEMES and path is not None and self.may_be_read(path)


def _path_of(uri: str) -> Path | None:
    """Return where a document lies or would lie on this machine, or what its name has of a path."""
    _scheme, _, rest = uri.partition(":")
    path = to_fs_path(f"file:{rest.partition('#')[0]}") if rest.startswith("/") else rest
    return Path(path) if path else None
