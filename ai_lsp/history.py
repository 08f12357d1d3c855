"""The latest suggestions and what became of them, for `ai-lsp.why` and the status."""

from __future__ import annotations

import statistics
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ai_lsp.completion.trace import TYPED_THROUGH, Trace

_KEPT = 200
_LATEST = 20
"""Outcomes that say something of the next one."""
_SEEN_SECONDS = 0.75
"""How long a text must have stood there to count as seen, where the client does not say that it was shown."""
_CALM_SECONDS = 60.0
"""For how long a suggestion that was not taken counts."""
_SILENCES = 8
"""Reasons for silence that are counted one by one."""


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
    time: float = 0.0
    """When it was answered, in seconds."""

    @property
    def taken(self) -> bool:
        """Whether any of it was accepted."""
        return self.accepted or self.accepted_length > 0


@dataclass
class Counts:
    """How often what happened since the start. What the client cancelled came to no end and is not in it."""

    requests: int = 0
    suggested: int = 0
    """Requests that were answered with a text."""
    shown: int = 0
    accepted: int = 0
    """Suggestions that were accepted whole."""
    partly_accepted: int = 0
    """Suggestions of which only a part was accepted."""


class History:
    """Bounded memory of outcomes by the trace's id."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._outcomes: OrderedDict[int, Outcome] = OrderedDict()
        self._clock = clock
        self._client_tells = False
        self.counts = Counts()

    def accept(self, outcome: Outcome, alternative: int) -> None:
        """Take note that this text of a suggestion was accepted."""
        self.counts.accepted += not outcome.accepted
        self.counts.partly_accepted -= not outcome.accepted and outcome.accepted_length > 0
        outcome.accepted, outcome.alternative = True, alternative

    def accept_part(self, params: Any) -> None:
        """Take note that the client has accepted the beginning of an item."""
        length = accepted_length(params)
        if length and (outcome := self.of_item(params)) is not None:
            self.counts.partly_accepted += not outcome.taken
            outcome.accepted_length = max(outcome.accepted_length, length)

    def add(self, trace: Trace) -> None:
        """Remember a request's trace; the oldest is forgotten."""
        self.counts.requests += 1
        self.counts.suggested += bool(trace.text)
        self._outcomes[trace.id] = Outcome(trace, time=self._clock())
        while len(self._outcomes) > _KEPT:
            self._outcomes.popitem(last=False)

    def show(self, params: Any) -> None:
        """Take note that the client has shown an item."""
        if (outcome := self.of_item(params)) is not None:
            self.counts.shown += not outcome.shown
            outcome.shown = self._client_tells = True

    def streaks(self, now: float) -> tuple[int, int]:
        """Return how many suggestions were accepted, and how many seen and not taken, in a row up to `now`.

        One of the two is 0. What was typed through is one suggestion, and what was last seen may still be taken.
        Suggestions that were asked for by hand, and those of more than a minute ago, do not count.
        """
        accepted = rejected = 0
        later, typed_through = now, True
        for outcome in list(reversed(self._outcomes.values()))[:_LATEST]:
            trace = outcome.trace
            if now - outcome.time > _CALM_SECONDS or (outcome.taken and rejected):
                break
            if outcome.taken:
                accepted += 1
            elif trace.text and not trace.manual and not typed_through and self._was_seen(outcome, later):
                if accepted:
                    break
                rejected += 1
            typed_through, later = trace.reason == TYPED_THROUGH, outcome.time
        return accepted, rejected

    def _was_seen(self, outcome: Outcome, later: float) -> bool:
        return outcome.shown if self._client_tells else later - outcome.time >= _SEEN_SECONDS

    def is_ours(self, uri: str, inserted: str) -> bool:
        """Whether a text that was put into a document is a suggestion of ours, or a part of one."""
        bare = inserted.strip()
        recent = list(reversed(self._outcomes.values()))[:_LATEST]
        texts = [
            text for one in recent if one.trace.uri == uri for text in (one.trace.text, *one.trace.alternatives)
        ]
        return any(text and (bare.endswith(text.strip()) or text.strip().startswith(bare)) for text in texts)

    def get(self, trace_id: int | None = None) -> Outcome | None:
        """Return the outcome with that id, or the latest one."""
        if trace_id is not None:
            return self._outcomes.get(trace_id)
        return next(reversed(self._outcomes.values()), None)

    def latest_of(self, uri: str) -> Outcome | None:
        """Return the outcome of the latest text that was suggested in a document."""
        outcomes = reversed(self._outcomes.values())
        return next((one for one in outcomes if one.trace.uri == uri and one.trace.text), None)

    def summary(self) -> dict[str, Any]:
        """Return the counts, and times and reasons for silence of the requests remembered, for `ai-lsp.stats`."""
        traces = [outcome.trace for outcome in self._outcomes.values()]
        times = sorted(trace.stages.get("total", 0.0) for trace in traces)
        silences = Counter(trace.reason for trace in traces if not trace.text)
        return {
            **asdict(self.counts),
            "median_ms": statistics.median(times) if times else 0.0,
            "p95_ms": times[len(times) * 95 // 100] if times else 0.0,
            "silences": [{"reason": reason, "count": count} for reason, count in silences.most_common(_SILENCES)],
        }

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
