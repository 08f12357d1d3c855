"""What an action sees besides its subject: definitions of what that uses, and code of the repository like it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ai_lsp.actions.subject import Subject
from ai_lsp.completion.place import Place
from ai_lsp.context.definitions.source import Definitions
from ai_lsp.context.gather import Gatherer, choose
from ai_lsp.context.similar import SimilarCode, Wanted
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from ai_lsp.index.hits import Hit, Shown
from ai_lsp.index.reader import Index
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import Part
from ai_lsp.providers.kinds import kind_of
from ai_lsp.ranking.ranker import CANDIDATES, Ranker
from ai_lsp.ranking.vectors import Passage
from ai_lsp.syntax.comments import comment

_WEIGHTS = {"definitions": 1.0, "similar": 1.5}
"""What a piece of each source is worth; a suggestion at the cursor has less use for definitions."""
_SECONDS = 2.0
"""How long definitions may be looked for, twice: files that are new to us are read in between."""
_HEAD_LINES = 30
"""Lines of the subject whose names are looked up."""
_BEST, _STEP = 0.9, 0.05
"""The score of the most alike of windows that a model put in order, and what each after it has less."""
_RANKED = 6


@dataclass(frozen=True)
class Piece:
    """Some code from elsewhere."""

    text: str
    """Below a comment with its path; secrets are replaced in it."""
    part: Part
    source: str
    """Which source of context found it."""


@dataclass(frozen=True)
class Gathering:
    """Asks the sources of context for an action. Belongs to the event loop."""

    definitions: Definitions
    similar: SimilarCode
    index_of: Callable[[Path], Index | None]
    may_be_read: Callable[[Path], bool]
    ranker: Callable[[str, str], Ranker | None] = lambda _language, _path: None
    """Returns what puts in order what the index found for a language id and a file."""
    off: Collection[str] = ()
    """Sources that are not asked."""

    async def pieces(self, subject: Subject, max_chars: int, shown_chars: int) -> list[Piece]:
        """Return what fits into `max_chars`, the best last.

        `shown_chars` of the lines before and after the subject are in the prompt anyway.
        """
        text = subject.text
        if max_chars <= 0 or not text.root or not text.file:
            return []
        query = await asyncio.to_thread(_query, subject, shown_chars)
        ranker = self.ranker(text.language, text.file) if self.similar.name not in self.off else None
        off = self.off if ranker is None else {*self.off, self.similar.name}
        gatherer = Gatherer([self.definitions, self.similar], redact, weights=_WEIGHTS)
        await gatherer.gather(query, seconds=_SECONDS, max_chars=max_chars, off=off)
        await asyncio.wait([asyncio.ensure_future(self.definitions.prepared())], timeout=_SECONDS)
        found = (await gatherer.gather(query, seconds=_SECONDS, max_chars=max_chars, off=off)).snippets
        if ranker is not None:
            found = choose([*found, *await self._ranked(subject, query, ranker)], query.place, max_chars, _WEIGHTS)
        return [_piece(snippet, subject) for snippet in found]

    async def _ranked(self, subject: Subject, query: Query, ranker: Ranker) -> list[Snippet]:
        """Return the windows of the index that a model finds most like the subject."""
        root = Path(subject.text.root)
        index = self.index_of(root)
        if index is None:
            return []
        found = await asyncio.to_thread(self._windows, index, query, root)
        asked = Passage(await asyncio.to_thread(redact, subject.original), Part("code", subject.text.file))
        passages = [Passage(one.text, Part("index", str(root / one.path))) for one in found]
        order = await ranker.order(asked, passages, subject.text.root)
        best = enumerate(order[:_RANKED])
        return [replace(found[number], score=_BEST - _STEP * rank) for rank, number in best]

    def _windows(self, index: Index, query: Query, root: Path) -> list[Snippet]:
        """Return what the index has that is like the place, in its order; called in a thread."""
        place, lines = query.place, query.document.lines
        first, stop = place.line - place.prefix.count("\n"), place.line + place.suffix.count("\n") + 1
        hits = index.similar(Wanted.at(place).weights, CANDIDATES, Shown(place.path, first, stop))
        return [
            Snippet(self.similar.name, hit.path, redact(hit.text), 0.0, hit.line)
            for hit in hits
            if self.may_be_read(root / hit.path) and (hit.path != place.path or _is_there(hit, lines))
        ]


def _is_there(hit: Hit, lines: Sequence[str]) -> bool:
    """Whether the document has these very lines; the index has them as they were saved."""
    wanted = hit.text.splitlines()
    return [line.rstrip("\r\n") for line in lines[hit.line : hit.line + len(wanted)]] == wanted


def _query(subject: Subject, shown_chars: int) -> Query:
    """Return what sources are asked: the place at which the subject, or so much of it as they look at, ends."""
    text = subject.text
    line = min(subject.last, subject.first + _HEAD_LINES - 1)
    source = "".join(text.lines)
    document = Document(text.uri, source, language_id=text.language)
    before = "".join(text.lines[: subject.first])
    prefix = before[max(0, len(before) - shown_chars) :] + "".join(text.lines[subject.first : line + 1])
    after = "".join(text.lines[line + 1 : subject.last + 1])
    suffix = after + "".join(text.lines[subject.last + 1 :])[:shown_chars]
    prefix, suffix = (part.replace("\r\n", "\n").replace("\r", "\n") for part in (prefix, suffix))
    if prefix.endswith("\n"):
        prefix, suffix = prefix[:-1], "\n" + suffix
    place = Place(text.uri, text.path, text.language, text.version, prefix, suffix, line)
    return Query(place, document, Path(text.root), Path(text.file))


def _piece(snippet: Snippet, subject: Subject) -> Piece:
    text = subject.text
    own = snippet.path == text.path
    path = text.file if own else str(Path(text.root) / snippet.path)
    shown = f"{comment(text.language, snippet.path)}\n{snippet.text}"
    return Piece(shown, Part(kind_of(snippet.source, own=own), path), snippet.source)
