"""llama.vim's own cache of what the server wrote."""

from __future__ import annotations

from collections import OrderedDict

_ENTRIES = 250
_LOOK_BACK = 128
_TRIMMED = 3
"""From how many lines further down an answer is found again, once its first lines have left the window."""


class Memory:
    """Answers by the text before and after the cursor; the least recently used goes first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], str] = OrderedDict()

    def get(self, before: str, after: str) -> str | None:
        """Return the answer for exactly this place."""
        found = self._answers.get((before, after))
        if found is not None:
            self._answers.move_to_end((before, after))
        return found

    def typed_through(self, before: str, after: str) -> str | None:
        """Return the longest rest of an answer whose beginning are the latest characters, at most 128 of them."""
        best = ""
        for typed in range(1, min(_LOOK_BACK, len(before) - 1) + 1):
            found = self.get(before[:-typed], after)
            if found and found.startswith(before[-typed:]):
                best = max(best, found[typed:], key=len)
        return best or None

    def covers(self, prefix: str, middle: str, after: str) -> bool:
        """Whether this place was answered, perhaps with more lines above it than are in `prefix`."""
        return any(self.get(before, after) is not None for before in _shorter(prefix, middle))

    def put(self, prefix: str, middle: str, after: str, answer: str) -> None:
        """Remember an answer."""
        for before in _shorter(prefix, middle):
            self._answers[before, after] = answer
            self._answers.move_to_end((before, after))
            if len(self._answers) > _ENTRIES:
                self._answers.popitem(last=False)


def _shorter(prefix: str, middle: str) -> list[str]:
    """Return the text before the cursor, and the same without its first one, two and three lines."""
    found = [prefix + middle]
    for _ in range(_TRIMMED):
        prefix = prefix[prefix.find("\n") + 1 :]
        if not prefix:
            break
        found.append(prefix + middle)
    return found
