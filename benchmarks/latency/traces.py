"""Typing traces from a seed: what a person does in real files, as plain edits that every peer gets alike.

A place is chosen, some code there is cut, and typed again with human gaps. An `accept` puts in the rest of the
line at once, as if a suggestion had been right; whether one was does not change the trace.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from benchmarks.latency.corpus import File

KINDS = ("char", "enter", "backspace", "accept", "paste", "jump", "cold", "revisit")


@dataclass(frozen=True)
class Event:
    """One edit, and a request for a suggestion after it."""

    gap: float
    """Seconds since the event before."""
    file: int
    kind: str
    offset: int
    removed: int
    text: str


@dataclass
class _Typist:
    random: random.Random
    files: list[File]
    texts: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    current: int = -1

    def gap(self, *, word: bool = False) -> float:
        """A key's gap: 60 to 120 words a minute are 0.1 to 0.2 s a key; longer where a word begins."""
        mean = self.random.uniform(0.1, 0.2) * (1.5 if word else 1.0)
        gap = self.random.lognormvariate(math.log(mean), 0.35)
        return gap + (self.random.uniform(0.5, 2.0) if self.random.random() < 0.02 else 0.0)

    def edit(self, kind: str, offset: int, removed: int, text: str, gap: float) -> None:
        before = self.texts[self.current]
        self.texts[self.current] = before[:offset] + text + before[offset + removed :]
        self.events.append(Event(gap, self.current, kind, offset, removed, text))

    def go(self, file: int) -> None:
        """Cut some code at a random place of `file` and type it again."""
        kind = "jump" if file == self.current else "revisit" if file in self.seen else "cold"
        self.current = file
        if file not in self.seen:
            self.seen.append(file)
        start, end = self.span()
        cut = self.texts[file][start:end]
        self.edit(kind, start, len(cut), "", self.random.uniform(0.8, 2.5))
        self.retype(start, cut)

    def span(self) -> tuple[int, int]:
        """Where code of one to three lines begins, some way into its first line, and where it ends."""
        text = self.texts[self.current]
        while True:
            start = text.find("\n", self.random.randrange(len(text))) + 1
            end = text.find("\n", start)
            line = text[start:end]
            code = line.strip()
            if 0 < start < end and 15 < len(code) < 100 and code[0] not in "#*/\"'":
                break
        for _ in range(self.random.choice((0, 0, 1, 2))):
            end = max(end, text.find("\n", end + 1))
        indent = len(line) - len(line.lstrip())
        return start + indent + self.random.randrange(max(1, len(code) // 2)), end

    def retype(self, offset: int, rest: str) -> None:
        while rest:
            kind, size = self.next_key(rest)
            word = kind == "char" and not rest[0].isalnum()
            if kind == "char" and self.random.random() < 0.03:
                self.edit("char", offset, 0, self.random.choice("aeinst"), self.gap())
                self.edit("backspace", offset, 1, "", self.gap() * 2)
            self.edit(kind, offset, 0, rest[:size], self.gap(word=word) * (2 if kind != "char" else 1))
            offset, rest = offset + size, rest[size:]

    def next_key(self, rest: str) -> tuple[str, int]:
        if rest[0] == "\n":
            return "enter", len(rest) - len(rest.lstrip()) if rest.strip() else len(rest)
        line = rest.find("\n") if "\n" in rest else len(rest)
        dice = self.random.random()
        if dice < 0.02 and line > 4:
            return "accept", line
        if dice < 0.023:
            return "paste", len(rest)
        return "char", 1


def generate(files: list[File], keystrokes: int, seed: int) -> list[Event]:
    """Return a trace of at least `keystrokes` events over `files`."""
    typist = _Typist(random.Random(seed), files, [file.text for file in files])
    while len(typist.events) < keystrokes:
        stay = typist.current >= 0 and typist.random.random() < 0.6
        typist.go(typist.current if stay else typist.random.randrange(len(files)))
    return typist.events
