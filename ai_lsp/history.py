"""The latest suggestions and what became of them, for `ai-lsp.why` and the status."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from ai_lsp.completion.trace import Trace

_KEPT = 200


@dataclass
class Outcome:
    """A suggestion, and what the client told us about it."""

    trace: Trace
    shown: bool = False
    accepted: bool = False
    alternative: int = 0
    """Which of the texts was accepted, 0 for the first."""
    accepted_length: int = 0
    """Characters accepted so far by partial accepts."""


class History:
    """Bounded memory of outcomes by the trace's id."""

    def __init__(self) -> None:
        self._outcomes: OrderedDict[int, Outcome] = OrderedDict()
        self.answered = 0
        """Requests that came to an end in the pipeline; cancelled ones did not."""
        self.suggested = 0
        """Those of them that were answered with a text."""
        self.accepted = 0
        """Texts that were accepted whole."""

    def accept(self, outcome: Outcome, alternative: int) -> None:
        """Take note that this text of a suggestion was accepted."""
        self.accepted += not outcome.accepted
        outcome.accepted, outcome.alternative = True, alternative

    def add(self, trace: Trace) -> None:
        """Remember a request's trace; the oldest is forgotten."""
        self.answered += 1
        self.suggested += bool(trace.text)
        self._outcomes[trace.id] = Outcome(trace)
        while len(self._outcomes) > _KEPT:
            self._outcomes.popitem(last=False)

    def get(self, trace_id: int | None = None) -> Outcome | None:
        """Return the outcome with that id, or the latest one."""
        if trace_id is not None:
            return self._outcomes.get(trace_id)
        return next(reversed(self._outcomes.values()), None)

    def of_item(self, params: Any) -> Outcome | None:
        """Return the outcome that a client's notification about an item speaks of; None when it is unclear."""
        item = _member(params, "item")
        arguments = _member(_member(item, "command"), "arguments") or []
        return self._outcomes.get(arguments[0]) if arguments and isinstance(arguments[0], int) else None


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def accepted_length(params: Any) -> int:
    """Return how much a partial accept took, in the client's units; 0 when it does not say."""
    length = _member(params, "acceptedLength")
    return length if isinstance(length, int) and length > 0 else 0


def focused_uri(params: Any) -> str | None:
    """Return the document that `didFocus` speaks of."""
    document = _member(params, "textDocument")
    uri = _member(document, "uri")
    return uri if isinstance(uri, str) else None
