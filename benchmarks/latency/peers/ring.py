"""llama.vim's extra context: chunks of lines that were near the cursor at some time."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

CHUNKS, CHUNK_LINES = 16, 64
"""llama.vim's ring_n_chunks and ring_chunk_size."""
_QUEUE = 16
_SAME, _LIKE_CONTEXT = 0.9, 0.5
"""How similar a chunk makes way to a newer one, and to the text around the cursor."""
_SMALLEST = 3
_NOT_WORD = re.compile(r"\W+", re.ASCII)


@dataclass(frozen=True)
class Chunk:
    """Some lines of a file."""

    lines: tuple[str, ...]
    file: str

    @property
    def text(self) -> str:
        """The lines with their ends."""
        return "\n".join(self.lines) + "\n"


def similarity(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return the share of words in common, 0 to 1: twice those of `right` that `left` has, over all."""
    words = [_words(left), _words(right)]
    total = len(words[0]) + len(words[1])
    known = set(words[0])
    return 2 * sum(word in known for word in words[1]) / total if total else 1.0


def _words(lines: tuple[str, ...]) -> list[str]:
    return [word for word in _NOT_WORD.split("\n".join(lines)) if word]


class Ring:
    """Chunks that are sent with each request, and those that wait until there is time to evaluate them."""

    def __init__(self, dice: random.Random) -> None:
        self.chunks: list[Chunk] = []
        self.queued: list[Chunk] = []
        self._dice = dice

    def part(self, lines: list[str]) -> tuple[str, ...]:
        """Return half a chunk's worth of consecutive lines from a random place in `lines`."""
        half = CHUNK_LINES // 2
        start = self._dice.randint(0, max(0, len(lines) - half))
        return tuple(lines[start : start + half + 1])

    def pick(self, lines: list[str], file: str, *, evict: bool) -> None:
        """Queue a part of `lines`; similar chunks make way when `evict`, else they are enough."""
        if len(lines) < _SMALLEST:
            return
        chunk = Chunk(tuple(lines) if len(lines) + 1 < CHUNK_LINES else self.part(lines), file)
        if any(known.lines == chunk.lines for known in [*self.chunks, *self.queued]):
            return
        for held in (self.queued, self.chunks):
            if not evict and _similar(held, chunk.lines, _SAME):
                return
            for old in _similar(held, chunk.lines, _SAME):
                held.remove(old)
        if len(self.queued) == _QUEUE:
            del self.queued[0]
        self.queued.append(chunk)

    def drop_similar(self, lines: list[str]) -> None:
        """Take out the chunks that resemble a part of the text around the cursor: the model would repeat them."""
        for chunk in _similar(self.chunks, self.part(lines), _LIKE_CONTEXT):
            self.chunks.remove(chunk)

    def advance(self) -> bool:
        """Move the first queued chunk into the ring, where the oldest makes way; tell whether there was one."""
        if not self.queued:
            return False
        if len(self.chunks) == CHUNKS:
            del self.chunks[0]
        self.chunks.append(self.queued.pop(0))
        return True


def _similar(held: list[Chunk], lines: tuple[str, ...], least: float) -> list[Chunk]:
    """Return the chunks at least so similar; the first of all is left out, as llama.vim's loops do."""
    return [chunk for chunk in held[1:] if similarity(chunk.lines, lines) > least]
