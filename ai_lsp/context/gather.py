"""All sources asked at once, and of what they find in time the part that is worth its tokens."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ai_lsp.completion.place import Place
from ai_lsp.context.lane import Lane
from ai_lsp.context.snippet import Query, Snippet, Source

log = logging.getLogger(__name__)

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "scope": 0.5,
        "definitions": 0.5,
        "similar": 1.5,
        "recent_edits": 1.0,
        "open_files": 0.5,
        "neighbours": 0.5,
        "diagnostics": 0.3,
    }
)
"""What a snippet of each source is worth at a score of 1.

By the likelihood of the wanted text, in nats a case, over 110 unseen cases, where 16 variants were tried: `scope`
and `definitions` at 0.5 instead of 1.0 gave +0.34 [+0.02, +0.80]; `similar` at 2.0 and 3.0 +0.14 and +0.38, with
one exact match in a hundred lost; `open_files` and `neighbours` at 0.25 -0.13 [-0.30, +0.02]; no context -4.3.
"""

_LEAST_GAIN = 0.05
"""Weight times score below which a snippet is not worth its place."""
_OVERHEAD_CHARS = 40
"""What a snippet costs besides its text: the line with its path."""
_ALREADY_THERE = 0.6
"""A snippet goes when so great a share of its lines is in the window or in better snippets."""
_LATE_SECONDS = 5.0
"""How long a source that missed the budget may go on, for the next time."""


@dataclass(frozen=True)
class Gathered:
    """What was chosen for one place."""

    snippets: tuple[Snippet, ...] = ()
    """In the order of the prompt: the best one last, next to the file's own text."""
    late: tuple[str, ...] = ()
    """Sources that had no answer in time."""
    ms: Mapping[str, float] = field(default_factory=dict)
    """How long each source took that answered in time."""

    @property
    def gain(self) -> float:
        """What all of it is worth."""
        return sum(map(gain, self.snippets))


def gain(snippet: Snippet, weights: Mapping[str, float] = WEIGHTS) -> float:
    """Return what a snippet is worth."""
    return weights.get(snippet.source, 0.5) * snippet.score


class Gatherer:
    """Asks the sources; belongs to the event loop."""

    def __init__(
        self,
        sources: Sequence[Source],
        redact: Callable[[str], str] = str,
        clock: Callable[[], float] = time.monotonic,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        """`redact` replaces secrets in whatever gets into a prompt; `weights` say what each source is worth."""
        self.sources = tuple(sources)
        self._weights = weights
        self._redact = redact
        self._clock = clock
        self._late: dict[tuple[str, str], Sequence[Snippet]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._lane = Lane()

    async def gather(self, query: Query, *, seconds: float, max_chars: int, off: Collection[str] = ()) -> Gathered:
        """Return what the sources find within `seconds`, fitted into `max_chars`.

        What comes later is used the next time that the document is asked about and its source is late again.
        """
        wanted = [source for source in self.sources if source.name not in off] if max_chars > 0 else []
        found: dict[str, Sequence[Snippet]] = {}
        ms: dict[str, float] = {}
        begin = self._clock()
        query = replace(query, in_thread=self._lane.run)
        tasks = [asyncio.create_task(self._ask(source, query, found, ms, begin)) for source in wanted]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        late = tuple(source.name for source in wanted if source.name not in ms)
        for task in tasks:
            if not task.done():
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        every = [snippet for some in list(found.values()) for snippet in some]
        every += [snippet for name in late for snippet in self._late.get((name, query.place.uri), ())]
        chosen = choose(every, query.place, max_chars, self._weights)
        return Gathered(tuple(_replaced(snippet, self._redact) for snippet in chosen), late, dict(ms))

    async def _ask(
        self,
        source: Source,
        query: Query,
        found: dict[str, Sequence[Snippet]],
        ms: dict[str, float],
        begin: float,
    ) -> None:
        try:
            snippets = await asyncio.wait_for(source.find(query), _LATE_SECONDS)
        except asyncio.TimeoutError:
            log.info("the source %s took more than %g s", source.name, _LATE_SECONDS)
            self._lane.leave()
            return
        except Exception:
            log.exception("the source %s failed and was passed over", source.name)
            snippets = ()
        found[source.name] = self._late[source.name, query.place.uri] = snippets
        ms[source.name] = (self._clock() - begin) * 1000

    def forget(self, uri: str) -> None:
        """Drop what is kept for a document."""
        for key in [key for key in self._late if key[1] == uri]:
            del self._late[key]


def _replaced(snippet: Snippet, redact: Callable[[str], str]) -> Snippet:
    text = redact(snippet.text)
    if text == snippet.text:
        return snippet
    return Snippet(snippet.source, snippet.path, text, snippet.score, snippet.line)


def choose(
    snippets: Sequence[Snippet], place: Place, max_chars: int, weights: Mapping[str, float] = WEIGHTS
) -> tuple[Snippet, ...]:
    """Return the snippets with the most gain for each character that fit, the best one last.

    What the window, or a snippet that was chosen before, shows already is left out.
    """
    seen = set(_lines(place.prefix + place.suffix))
    room, chosen = max_chars, []

    def rate(snippet: Snippet) -> float:
        return gain(snippet, weights) / (len(snippet.text) + _OVERHEAD_CHARS)

    for snippet in sorted(snippets, key=rate, reverse=True):
        cost = len(snippet.text) + _OVERHEAD_CHARS
        lines = _lines(snippet.text)
        if gain(snippet, weights) < _LEAST_GAIN or cost > room or not lines:
            continue
        if sum(line in seen for line in lines) > _ALREADY_THERE * len(lines):
            continue
        chosen.append(snippet)
        seen.update(lines)
        room -= cost
    return tuple(sorted(chosen, key=lambda one: (gain(one, weights), one.path, one.line)))


def _lines(text: str) -> list[str]:
    """Return the lines that say something, without white space around them."""
    return [bare for line in text.split("\n") if len(bare := line.strip()) > 2]
