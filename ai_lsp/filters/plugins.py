"""Filters that installed packages bring, as entry points of the group `ai_lsp.filters`.

Such a filter is a callable from text and place to a `Decision`, as ours are, but it is not trusted to be quick: it
has a thread of its own, which the event loop waits for only so long.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from queue import SimpleQueue
from typing import Any

from ai_lsp import timeslice
from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision

log = logging.getLogger(__name__)

GROUP = "ai_lsp.filters"

_PATIENCE = 0.004
"""Seconds that a suggestion waits for one of these filters."""
_MOST_SLOW = 10
"""Suggestions that may wait in vain; the filter is not asked again then."""


@dataclass(slots=True)
class _Task:
    text: str
    place: Place
    done: threading.Event = field(default_factory=threading.Event)
    decision: Decision | None = None


class Plugin:
    """A filter of an installed package; one that fails or is slow is reported once and passed over."""

    def __init__(self, name: str, entry: EntryPoint, patience: float = _PATIENCE) -> None:
        """Wait for at most `patience` seconds; the package is imported with the first suggestion."""
        self.name = name
        self.origin = origin(entry)
        self.__doc__ = f"A filter of {self.origin}."
        self._entry, self._patience = entry, patience
        self._tasks: SimpleQueue[_Task] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._last: _Task | None = None
        self._loaded = self._reported = False
        self._slow = 0

    def load(self) -> Any:
        """Import the package and return its callable; raises whatever that raises."""
        return self._entry.load()

    def __call__(self, text: str, place: Place) -> Decision:
        """Return the package's decision, or the text as it is where there is none in time."""
        kept = Decision(self.name, text)
        if self._slow >= _MOST_SLOW or (self._last is not None and not self._last.done.is_set()):
            return kept
        loaded = self._loaded
        task = self._last = _Task(text, place)
        self._tasks.put(task)
        if self._thread is None:
            # A daemon, so that a filter that hangs does not keep the server from ending.
            self._thread = threading.Thread(target=self._work, name=f"filter {self.name}", daemon=True)
            self._thread.start()
        if task.done.wait(self._patience):
            return task.decision or kept
        if loaded:
            self._slow += 1
            self._report(f"took longer than {1000 * self._patience:.0f} ms")
        return kept

    def _work(self) -> None:
        timeslice.ask(timeslice.MIDDLE)
        run: Any = None
        while True:
            task = self._tasks.get()
            try:
                run = run or self.load()
                self._loaded = True
                task.decision = self._checked(run(task.text, task.place))
            except Exception as error:
                self._report(f"failed with {error!r}")
                if not self._loaded:
                    self._slow = _MOST_SLOW
            task.done.set()

    def _checked(self, decision: Any) -> Decision | None:
        if isinstance(decision, Decision) and isinstance(decision.text, str):
            return replace(decision, filter=self.name)
        self._report(f"returned {decision!r:.80} and no Decision")
        return None

    def _report(self, what: str) -> None:
        if not self._reported:
            self._reported = True
            log.warning("The filter %s of %s %s and was passed over", self.name, self.origin, what)


def origin(entry: EntryPoint) -> str:
    """Return name and version of the package that an entry point belongs to."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value


def plugins(taken: frozenset[str]) -> Mapping[str, Plugin]:
    """Return the filters of installed packages by name, with the package's before it where the name is `taken`.

    They are the same objects each time, so that each has one thread.
    """
    return _installed(taken, tuple(sys.path))


@cache
def _installed(taken: frozenset[str], _path: tuple[str, ...]) -> Mapping[str, Plugin]:
    """Look through the packages on `sys.path`, which takes 4 ms."""
    found: dict[str, Plugin] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (origin(entry), entry.name)):
        name = entry.name
        if name in taken or name in found:
            name = f"{origin(entry).split()[0]}/{name}"
        found[name] = Plugin(name, entry)
    return found
