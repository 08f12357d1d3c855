"""How long after a keystroke a suggestion is held back, so that it does not flicker between two keys.

In a rush of keys the model is not asked either: it would be stopped by the next one.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median


class Debounce:
    """An adaptive wait, from the user's own rhythm and the place of the cursor.

    The model is asked at once, but in a rush; only the showing waits, so that it costs no time where the model
    takes longer.
    Showing at a typist's own gap is what made the difference in arXiv 2511.18842 (acceptance 4.9 % with no
    delay, 15.4 % with a fixed one, 18.6 % with an adaptive one). The mean gap times a factor by context is
    Tabby's debouncer; the median stands in for the mean because single long gaps are many, and there is no
    response time in the formula (Tabby's is NaN before its first response). What is typed through never waits.
    """

    _WINDOW = 20
    _START_MS = 100.0
    _LEAST_SAMPLES = 5
    _SAME_KEY = 0.005
    _PAUSE = 1.0
    _RUSH_MS = 75.0
    """No model is asked, writes, and is read in less; who types 120 words a minute has gaps of 100."""
    _RUSH_SAMPLES = 3
    _AFTER_BREAK = 0.5

    def __init__(self, min_ms: float = 20.0, max_ms: float = 75.0) -> None:
        self.limit(min_ms, max_ms)
        self._gaps: deque[float] = deque(maxlen=self._WINDOW)
        self._last: float | None = None
        self._latest_ms = math.inf

    def limit(self, min_ms: float, max_ms: float) -> None:
        """Sets the shortest and the longest wait, in milliseconds; what was learnt stays."""
        self._min_ms = min_ms
        self._max_ms = max(min_ms, max_ms)

    def observe(self, now: float) -> None:
        """Notes a keystroke or a request at `now`, in seconds of a clock that does not go back.

        Gaps over a second are pauses, not rhythm; a change and the request for it are one keystroke.
        """
        gap = None if self._last is None else now - self._last
        if gap is not None and 0 <= gap < self._SAME_KEY:
            return
        self._last, self._latest_ms = now, math.inf if gap is None else gap * 1000
        if gap is not None and self._SAME_KEY <= gap <= self._PAUSE:
            self._gaps.append(gap * 1000)

    def wait(self, line_before: str, budget_ms: float, *, pause: bool = False) -> float:
        """Milliseconds to wait with `line_before` before the cursor; at most a third of `budget_ms`.

        After a character that ends a word, or on a fresh line, it is half as long as within a word: Tabby, too,
        asks sooner there, because that is where a suggestion is looked for. With `pause` it is `pause` instead.
        """
        if pause:
            return self.pause(budget_ms)
        base = median(self._gaps) if len(self._gaps) >= self._LEAST_SAMPLES else self._START_MS
        last = line_before[-1:]
        factor = 1.0 if last.isalnum() or last == "_" else self._AFTER_BREAK
        wait = min(max(base * factor, self._min_ms), self._max_ms)
        return min(wait, max(budget_ms, 0.0) / 3)

    def rush(self) -> float:
        """Milliseconds to wait before the model is asked: 0, or some more than the usual gap of a rush of keys.

        It is a rush while the median of the latest three gaps is that of nobody who reads, and the keys go on.
        """
        latest = list(self._gaps)[-self._RUSH_SAMPLES :]
        if not latest or self._latest_ms > 2 * self._RUSH_MS or (usual := median(latest)) > self._RUSH_MS:
            return 0.0
        return min(1.5 * usual, 1.2 * self._max_ms)

    def pause(self, budget_ms: float) -> float:
        """Milliseconds without a key after which the keys have paused: twice the usual gap.

        At most three times the longest other wait, and half of `budget_ms`.
        """
        base = median(self._gaps) if len(self._gaps) >= self._LEAST_SAMPLES else self._START_MS
        wait = min(max(2 * base, 2 * self._min_ms), 3 * self._max_ms)
        return min(wait, max(budget_ms, 0.0) / 2)
