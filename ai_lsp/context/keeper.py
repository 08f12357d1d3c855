"""Which context is in force for a place: chosen once, kept while one types, renewed at rest.

Context comes first in the prompt, so that changing it costs the whole KV. A new choice takes effect only when the
prompt with it has been evaluated.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from ai_lsp.completion.place import Place
from ai_lsp.context.gather import Gathered, Gatherer
from ai_lsp.context.snippet import Query

_KEPT = 32
_BETTER, _MORE = 1.5, 0.2
"""How many times the gain of the old choice a new one must have, and how much more at the least, to be worth
evaluating the prompt again."""


@dataclass(frozen=True)
class ContextRules:
    """The options that bear on gathering."""

    off: Collection[str] = ()
    max_chars: int = 0
    """What all snippets of a prompt may have together; 0 for none."""
    hot_seconds: float = 0.03
    """How long a key's request waits for the sources at a place that has no context yet."""
    rest_seconds: float = 0.5
    """How long they may take when nobody waits."""


class ContextKeeper:
    """The context of each place; belongs to the event loop."""

    def __init__(self, gatherer: Gatherer, rules: ContextRules) -> None:
        self.gatherer = gatherer
        self.rules = rules
        self._kept: OrderedDict[tuple[str, str], Gathered] = OrderedDict()
        self._asked: dict[tuple[str, str], asyncio.Task[Gathered]] = {}

    def get(self, place: Place) -> Gathered | None:
        """Return what is in force for the window that `place` is in; None before anything was gathered."""
        found = self._kept.get(place.window)
        if found is not None:
            self._kept.move_to_end(place.window)
        return found

    def adopt(self, place: Place, gathered: Gathered) -> None:
        """Put `gathered` in force for the window that `place` is in."""
        self._kept[place.window] = gathered
        self._kept.move_to_end(place.window)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def ensure(self, query: Query) -> Gathered:
        """Return what is in force; gather it, in the short time that a key has, where nothing is yet."""
        key = query.place.window
        if (found := self.get(query.place)) is not None:
            return found
        if (task := self._asked.get(key)) is None:
            task = self._asked[key] = asyncio.create_task(self._gather(query, self.rules.hot_seconds))
            task.add_done_callback(lambda _task: self._asked.pop(key, None))
        gathered = await asyncio.shield(task)
        if self.get(query.place) is None:
            self.adopt(query.place, gathered)
        return gathered

    async def renewed(self, query: Query) -> Gathered | None:
        """Gather anew, without hurry; return it where it is worth evaluating the prompt again, else None."""
        new = await self._gather(query, self.rules.rest_seconds)
        old = self.get(query.place)
        return new if old is None or _is_worth_it(old, new) else None

    async def _gather(self, query: Query, seconds: float) -> Gathered:
        rules = self.rules
        return await self.gatherer.gather(query, seconds=seconds, max_chars=rules.max_chars, off=rules.off)

    def forget(self, uri: str) -> None:
        """Drop what is kept for one document."""
        for key in [key for key in self._kept if key[0] == uri]:
            del self._kept[key]
        self.gatherer.forget(uri)

    def clear(self) -> None:
        """Drop everything: the rules are others now."""
        self._kept.clear()


def _is_worth_it(old: Gathered, new: Gathered) -> bool:
    """Whether `new` has much more gain than what of `old` would be chosen now."""
    texts = {snippet.text for snippet in new.snippets}
    still = Gathered(tuple(snippet for snippet in old.snippets if snippet.text in texts))
    return new.gain > max(_BETTER * still.gain, still.gain + _MORE)
