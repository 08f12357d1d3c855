"""Typing traces from a seed: what a person does in real files, as plain edits that every contestant gets alike.

A place is chosen, some code there is cut, and typed again with human gaps. An `accept` puts in the rest of the
line at once, as if a suggestion had been right; whether one was does not change the trace.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from benchmarks.latency.corpus import File

KINDS = ("char", "enter", "backspace", "accept", "paste", "jump", "cold", "revisit")
MOVES = ("jump", "cold", "revisit")
"""Kinds before which the cursor goes elsewhere: a random place in a file that was seen, a file opened for the
first time, and a file seen before at the place where it was left."""

_FLIP, _OPEN, _OTHER_FILE = 0.62, 0.72, 0.94
"""Bounds of the dice for the next place: back to a recent file, a new file, here, any other open file."""
_MOST_ASTRAY = 2
"""Moves to other places after which one surely switches back."""
_THOUGHT = (0.4, 1.2)
"""Bounds of the seconds between a cut and the first key of what is typed instead."""
_SCREEN_LINES = 60
"""How far from the place where a file was left the typing goes on at the most."""


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
class Typist:
    """Somebody who edits `files`; what they do is in `events`."""

    random: random.Random
    files: list[File]
    texts: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)
    """By file, the offset of the last edit; the most recent file is last."""
    current: int = -1
    astray: int = 0
    """Moves since the last switch back."""

    def gap(self, *, word: bool = False) -> float:
        """A key's gap: 60 to 120 words a minute are 0.1 to 0.2 s a key; longer where a word begins."""
        mean = self.random.uniform(0.1, 0.2) * (1.5 if word else 1.0)
        gap = self.random.lognormvariate(math.log(mean), 0.35)
        return gap + (self.random.uniform(0.5, 2.0) if self.random.random() < 0.02 else 0.0)

    def edit(self, kind: str, offset: int, removed: int, text: str, gap: float) -> None:
        """Do one edit in the current file."""
        before = self.texts[self.current]
        self.texts[self.current] = before[:offset] + text + before[offset + removed :]
        self.events.append(Event(gap, self.current, kind, offset, removed, text))
        self.left.pop(self.current, None)
        self.left[self.current] = offset + len(text)

    def go_on(self) -> None:
        """Go to the next place and type there."""
        others = [file for file in reversed(self.left) if file != self.current]
        unseen = [file for file in range(len(self.files)) if file not in self.left]
        dice = self.random.random()
        if unseen and (len(self.left) < 2 or _FLIP <= dice < _OPEN):
            self.work("cold", self.random.choice(unseen))
        elif others and (dice < _FLIP or self.astray >= _MOST_ASTRAY):
            recent = others[:2]
            self.work("revisit", recent[0] if self.random.random() < 0.75 else recent[-1])
        elif others and dice >= _OTHER_FILE:
            self.work("jump", self.random.choice(others))
        else:
            self.work("jump", self.current)

    def work(self, kind: str, file: int) -> None:
        """Cut some code in `file` and type it again."""
        self.current = file
        self.astray = 0 if kind == "revisit" else self.astray + 1
        start, end = self.span(self.next_to(self.left[file]) if kind == "revisit" else None)
        cut = self.texts[file][start:end]
        self.edit(kind, start, len(cut), "", self.random.uniform(0.8, 2.5))
        self.retype(start, cut)

    def next_to(self, place: int) -> int | None:
        """Return where the next line of code after `place` starts, or the last one before it where a file ends.

        None when none is on the same screen.
        """
        text = self.texts[self.current]
        near = itertools.chain(_starts_below(text, place), _starts_above(text, place))
        return next((start for start in near if _is_code(_line(text, start))), None)

    def span(self, start: int | None) -> tuple[int, int]:
        """Where code of one to three lines begins, somewhere in its first line, and where it ends.

        The line starts at offset `start`, by default anywhere.
        """
        text = self.texts[self.current]
        while start is None:
            at = text.find("\n", self.random.randrange(len(text))) + 1
            start = at if at and _is_code(_line(text, at)) else None
        line = _line(text, start)
        end = start + len(line)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            end = max(end, text.find("\n", end + 1))
        indent = len(line) - len(line.lstrip())
        return start + indent + self.random.randrange(len(line.strip()) - 5), end

    def retype(self, offset: int, rest: str) -> None:
        """Think, then type `rest` at `offset`, key by key, with typos that are taken back."""
        pause = self.random.uniform(*_THOUGHT)
        while rest:
            kind, size = self.next_key(rest)
            word = kind == "char" and not rest[0].isalnum()
            if kind == "char" and not pause and self.random.random() < 0.03:
                self.edit("char", offset, 0, self.random.choice("aeinst"), self.gap())
                self.edit("backspace", offset, 1, "", self.gap() * 2)
            gap = self.gap(word=word) * (2 if kind != "char" else 1)
            self.edit(kind, offset, 0, rest[:size], gap + pause)
            pause = 0.0
            offset, rest = offset + size, rest[size:]

    def next_key(self, rest: str) -> tuple[str, int]:
        """Return the kind of the next key, and how many characters of `rest` it puts in."""
        if rest[0] == "\n":
            return "enter", len(rest) - len(rest.lstrip()) if rest.strip() else len(rest)
        line = rest.find("\n") if "\n" in rest else len(rest)
        dice = self.random.random()
        if dice < 0.02 and line > 4:
            return "accept", line
        if dice < 0.023:
            return "paste", len(rest)
        return "char", 1


def _starts_below(text: str, place: int) -> Iterator[int]:
    """Yield where the lines of a screen below `place` start, the nearest first."""
    for _ in range(_SCREEN_LINES):
        place = text.find("\n", place) + 1
        if not place:
            return
        yield place


def _starts_above(text: str, place: int) -> Iterator[int]:
    """Yield where the lines of a screen above `place` start, the nearest first."""
    place = text.rfind("\n", 0, place) + 1
    for _ in range(_SCREEN_LINES):
        if not place:
            return
        place = text.rfind("\n", 0, place - 1) + 1
        yield place


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def _is_code(line: str) -> bool:
    code = line.strip()
    return 15 < len(code) < 100 and code[0] not in "#*/\"'"


def generate(files: list[File], keystrokes: int, seed: int) -> list[Event]:
    """Return a trace of at least `keystrokes` events over `files`; in the end every text is as it was."""
    typist = Typist(random.Random(seed), files, [file.text for file in files])
    while len(typist.events) < keystrokes:
        typist.go_on()
    return typist.events


def retyped(text: str, lines: range, seed: int) -> list[Event]:
    """Return a trace that cuts these lines (zero-based) of the only file and types them again."""
    typist = Typist(random.Random(seed), [File("", "", text)], [text], current=0)
    all_lines = text.splitlines(keepends=True)
    start = sum(map(len, all_lines[: lines.start]))
    cut = "".join(all_lines[lines.start : lines.stop]).rstrip("\n")
    typist.edit("jump", start, len(cut), "", 0.5)
    typist.retype(start, cut)
    return typist.events


def moved(events: list[Event], file: int, by: int) -> list[Event]:
    """Return the same trace in another file, `by` characters further down."""
    return [replace(event, file=file, offset=event.offset + by) for event in events]
