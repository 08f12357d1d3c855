"""Text that comes piece by piece and ends before certain texts."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class EndedText:
    """Turns bytes into text; holds back what may be the beginning of a text that ends it."""

    def __init__(self, ends: Sequence[str] = ()) -> None:
        """`ends` are the texts before which it ends; empty ones are none."""
        self._ends = tuple(end for end in ends if end)
        self._held = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.ended = False
        """Whether one of the texts came."""

    def add(self, data: bytes) -> str:
        """Return the text that can be given away now; a character may lie in several pieces."""
        return self.add_text(self._decoder.decode(data))

    def add_text(self, text: str) -> str:
        """Return the text that can be given away now."""
        if self.ended:
            return ""
        self._held += text
        found = [at for end in self._ends if (at := self._held.find(end)) >= 0]
        if found:
            self.ended = True
            given, self._held = self._held[: min(found)], ""
            return given
        kept = max((self._begun(end) for end in self._ends), default=0)
        at = len(self._held) - kept
        given, self._held = self._held[:at], self._held[at:]
        return given

    def rest(self) -> str:
        """Return what was held back: nothing follows."""
        text = self._held + self._decoder.decode(b"", final=True)
        self._held = ""
        return "" if self.ended else text

    def _begun(self, end: str) -> int:
        """Return how many characters at the end of what is held may be the beginning of `end`."""
        most = min(len(end) - 1, len(self._held))
        return next((size for size in range(most, 0, -1) if self._held.endswith(end[:size])), 0)
