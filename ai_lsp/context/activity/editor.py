"""What sources may know of the open documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pygls.uris import to_fs_path

if TYPE_CHECKING:
    from ai_lsp.documents import Document

_SCHEMES = frozenset({"file", "untitled", "vscode-notebook-cell", "vscode-remote"})
"""Whose documents a person works on. Others show output, settings or old versions."""
_TRUSTED_SECONDS = 5.0
"""How long an answer about a file holds: it takes some looks at the disk."""


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
        self._answers: dict[str, bool] = {}
        self._asked_at = clock()

    @property
    def documents(self) -> Mapping[str, Document]:
        """The open documents by URI, without those that must never be read."""
        return {uri: document for uri, document in self._documents().items() if self.readable(uri)}

    def readable(self, uri: str) -> bool:
        """Whether a document, open or not, may get into a prompt."""
        if self.clock() - self._asked_at > _TRUSTED_SECONDS:
            self._answers.clear()
            self._asked_at = self.clock()
        if uri not in self._answers:
            self._answers[uri] = self._ask(uri)
        return self._answers[uri]

    def files(self) -> dict[Path, Document]:
        """Return the open documents that lie on disk, by where they lie, without those that must never be read."""
        paths = {_path_of(uri): document for uri, document in self.documents.items() if uri.startswith("file:")}
        return {path: document for path, document in paths.items() if path is not None}

    def _ask(self, uri: str) -> bool:
        path = _path_of(uri)
        return uri.partition(":")[0] in _SCHEMES and path is not None and self.may_be_read(path)


def _path_of(uri: str) -> Path | None:
    """Return where a document lies or would lie on this machine, or what its name has of a path."""
    _scheme, _, rest = uri.partition(":")
    path = to_fs_path(f"file:{rest.partition('#')[0]}") if rest.startswith("/") else rest
    return Path(path) if path else None
