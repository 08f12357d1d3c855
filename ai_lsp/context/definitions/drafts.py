"""Outlines of open documents, whose text is newer than what is on disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.context.definitions.outlines import Module

_AT_ONCE, _FIRST = 12_000, 32_000
"""Characters that are parsed while a request waits: of a text of which an earlier outline is known, and at first.
Outlining takes some 0.4 ms for 1,000 characters."""
_KEPT = 16


@dataclass(frozen=True)
class Draft:
    """An open document at one moment."""

    uri: str
    path: Path
    language: str
    text: str


class Drafts:
    """The latest outline of each document that was asked about. May be used from several threads."""

    def __init__(self, parse: Callable[[str, Path, str], Module]) -> None:
        """`parse` takes text, path and language id."""
        self._parse = parse
        self._kept: OrderedDict[str, tuple[str, Module]] = OrderedDict()
        self._waiting: dict[str, Draft] = {}
        self._lock = threading.Lock()

    def get(self, draft: Draft) -> Module:
        """Return the outline of `draft`; of a long one that of an earlier text, and at first of its start."""
        with self._lock:
            text, module = self._kept.get(draft.uri, ("", None))
        if module is not None and text == draft.text and module.language == draft.language:
            return module
        known = module is not None and module.language == draft.language
        if len(draft.text) <= (_AT_ONCE if known else _FIRST):
            return self._read(draft)
        self._waiting[draft.uri] = draft
        if module is not None and module.language == draft.language:
            return module
        start = draft.text[: draft.text.rfind("\n", 0, _FIRST) + 1]
        return self._parse(start, draft.path, draft.language)

    def prepare(self) -> bool:
        """Outline one of the long documents that were asked about, which takes as long as it takes.

        Returns whether there was one.
        """
        with self._lock:
            draft = self._waiting.popitem()[1] if self._waiting else None
        if draft is not None:
            self._read(draft)
        return draft is not None

    @property
    def has_waiting(self) -> bool:
        """Whether `prepare` has something to do."""
        return bool(self._waiting)

    def _read(self, draft: Draft) -> Module:
        module = self._parse(draft.text, draft.path, draft.language)
        with self._lock:
            self._kept[draft.uri] = draft.text, module
            self._kept.move_to_end(draft.uri)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return module
