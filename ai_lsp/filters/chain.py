"""The one way to run filters: in their order, until nothing changes."""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Callable, Collection, Mapping

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision, Filter
from ai_lsp.filters.tallies import Tallies, Tally, Turn

log = logging.getLogger(__name__)

_MOST_PASSES = 10


class Chain:
    """Filters that are run one after the other; made once for each change of the options."""

    def __init__(
        self,
        filters: Mapping[str, Filter],
        off: Collection[str] = (),
        when_cut: Mapping[str, Filter] | None = None,
        tallies: Tallies | None = None,
        clock: Callable[[], float] = time.perf_counter,
        beforehand: Mapping[str, Callable[[Place], object]] | None = None,
    ) -> None:
        """Run `filters`, named as in their decisions, in this order, without those that `off` names.

        Those in `when_cut` take their place once the suggestion's end was cut off. What each does is counted in
        `tallies`, which may have outlived another chain. What is in `beforehand` finds out what the filter of that
        name needs to know of a place, whatever is suggested there, and keeps it.
        """
        self.filters = {name: run for name, run in filters.items() if name not in off}
        self._when_cut = {**self.filters, **(when_cut or {})}
        self.tallies = tallies if tallies is not None else Tallies()
        self._clock = clock
        self.beforehand = [look for name, look in (beforehand or {}).items() if name in self.filters]
        """What can be done for a place before there is a text, a millisecond or two each; else `run` does it."""

    def run(self, text: str, place: Place) -> tuple[str, list[Decision]]:
        """Return what may be shown of `text`, empty for nothing, and the decisions that changed it.

        One filter's cut can lay bare what an earlier one looks for, so the chain runs until nothing changes, which
        also makes a second run of it change nothing. The decisions are in the order in which they were made.
        """
        decisions: list[Decision] = []
        turns = {name: Turn() for name in self.filters}
        filters = self.filters
        for _ in range(_MOST_PASSES):
            before = text
            for name in self.filters:
                decision = self._decide(name, filters[name], text, place, turns[name])
                if decision.text != text or decision.veto:
                    decisions.append(decision)
                if _is_cut(text, decision.text):
                    filters = self._when_cut
                text = decision.text
                if decision.veto:
                    break
            if text in (before, ""):
                break
        self.tallies.add(turns)
        return text, decisions

    def lately(self) -> dict[str, Tally]:
        """Return what each filter did lately, by name and in order."""
        return {name: self.tallies.of(name) for name in self.filters}

    def _decide(self, name: str, run: Filter, text: str, place: Place, turn: Turn) -> Decision:
        start = self._clock()
        try:
            decision = run(text, place)
        except Exception:
            log.exception("The filter %s failed and was passed over", name)
            turn.failed = True
            decision = Decision(name, text)
        turn.ran, turn.ms = True, turn.ms + (self._clock() - start) * 1000
        turn.vetoed |= decision.veto
        turn.cut |= decision.text != text
        return decision


def _is_cut(text: str, left: str) -> bool:
    """Whether `left` is `text` without its end, and not just without white space there."""
    return text.startswith(left) and bool(text[len(left) :].strip())


def description(filter: Filter) -> str:  # noqa: A002 - it is what the word means here
    """Return what a filter does, in one line."""
    return (inspect.getdoc(filter) or "").partition("\n")[0]
