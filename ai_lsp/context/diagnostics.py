"""What the client's language servers say of the lines near the cursor, where the client passes it on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lsprotocol import types

from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.syntax.comments import comment

_NEAR_LINES = 15
_MOST, _MOST_CHARS = 3, 160
_NAME = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r"[\"'`‘“«]([^\W\d][\w.:]*)[\"'`’”»(]")
_MISSING = re.compile(
    r"undefined|undeclared|unresolved|unknown|not (?:be )?(?:defined|declared|found|resolved|exist)|missing|"
    r"expected|(?:cannot|could not) (?:find|resolve)|does not (?:exist|have|contain)|is required|possibly unbound|"
    r"no (?:member|attribute|field|method|property|such)",
    re.IGNORECASE,
)
_UNUSED = re.compile(r"unused|never (?:used|read|accessed)|not (?:used|accessed)|imported but", re.IGNORECASE)
_MISSING_WORTH, _UNUSED_WORTH, _OTHER_WORTH = 1.0, 0.7, 0.4
"""A name that is missing, one that waits to be used, anything else."""
_SEVERITY = {
    types.DiagnosticSeverity.Warning: 0.8,
    types.DiagnosticSeverity.Information: 0.5,
    types.DiagnosticSeverity.Hint: 0.5,
}
"""What each is worth besides an error."""


@dataclass(frozen=True)
class _Message:
    """What is said of some lines, `line` to `last`, zero-based."""

    line: int
    last: int
    text: str
    worth: float


class Diagnostics:
    """The diagnostics of all documents, which stay at their lines until these are edited. On the event loop."""

    name = "diagnostics"

    def __init__(self, version_of: Callable[[str], int | None] = lambda _uri: None) -> None:
        """`version_of` returns the version of an open document."""
        self._version_of = version_of
        self._messages: dict[str, list[_Message]] = {}

    def set(self, uri: str, diagnostics: Sequence[types.Diagnostic], version: int | None = None) -> None:
        """Take all diagnostics of a document, at the `version` that they are of where that is known.

        Those of another version than the open one are at lines that nobody knows; the earlier ones are kept.
        """
        if version is None or self._version_of(uri) in (None, version):
            self._messages[uri] = [_message(one) for one in diagnostics]
        if not self._messages.get(uri):
            self._messages.pop(uri, None)

    def all(self) -> list[tuple[str, int, str]]:
        """Return URI, zero-based line and text of all that is known, document by document."""
        return [(uri, one.line, one.text) for uri, told in self._messages.items() for one in told]

    def closed(self, uri: str) -> None:
        """Forget a document."""
        self._messages.pop(uri, None)

    def shift(self, uri: str, first: int, stop: int, new_stop: int) -> None:
        """Follow a change of lines `first` to `stop`, without it, into `first` to `new_stop`; theirs are stale."""
        if uri in self._messages:
            grown = new_stop - stop
            self._messages[uri] = [
                _Message(one.line + grown, one.last + grown, one.text, one.worth) if one.line >= stop else one
                for one in self._messages[uri]
                if one.last < first or one.line >= stop
            ]

    def rename(self, old: str, new: str) -> None:
        """Take a document's new name."""
        if old in self._messages:
            self._messages[new] = self._messages.pop(old)

    async def find(self, query: Query) -> list[Snippet]:
        """Return as comments the messages of near lines that name what is near, the most telling ones first."""
        place, lines = query.place, query.document.lines
        names = set(query.names)
        found = []
        for one in self._messages.get(place.uri, ()):
            distance = min(abs(one.line - place.line), abs(one.last - place.line))
            about = _about(one.text)
            if distance <= _NEAR_LINES and one.line < len(lines) and (about & names):
                found.append((one.worth * (1 - distance / (2 * _NEAR_LINES)), one))
        found.sort(key=lambda pair: -pair[0])
        if not found:
            return []
        chosen = dict.fromkeys(comment(place.language, f"line {one.line + 1}: {one.text}") for _, one in found)
        text = "".join(f"{line}\n" for line in list(chosen)[:_MOST])
        return [Snippet(self.name, place.path, text, found[0][0], found[0][1].line)]


def _message(diagnostic: types.Diagnostic) -> _Message:
    text = re.sub(r"\s+", " ", diagnostic.message).strip().replace("-->", "->").replace("*/", "* /")
    worth = _OTHER_WORTH
    if _UNUSED.search(text):
        worth = _UNUSED_WORTH
    elif _MISSING.search(text):
        worth = _MISSING_WORTH
    severity = _SEVERITY.get(diagnostic.severity, 1.0) if diagnostic.severity and worth != _UNUSED_WORTH else 1.0
    span = diagnostic.range
    return _Message(span.start.line, max(span.start.line, span.end.line), text[:_MOST_CHARS], worth * severity)


def _about(text: str) -> frozenset[str]:
    """Return the identifiers that a message is about: those in quotes, else all of it."""
    quoted = _QUOTED.findall(text)
    return frozenset(_NAME.findall(" ".join(quoted) if quoted else text))
