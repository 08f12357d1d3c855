"""Somebody who types a text that they have in mind, and what they do about suggestions: the rules, and no I/O."""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass, field

_KEY = re.compile(r"\n[ \t\n]*|.")
_FIRST_WORD = re.compile(r"\s*(?:\w+|\W)")
_GAP = (0.1, 0.2)
"""Bounds of the mean seconds between two keys: 120 to 60 words a minute, as in the latency benchmark's traces."""
_SPREAD, _WORD_FACTOR = 0.35, 1.5
_READ_SECONDS, _READ_SECONDS_A_CHAR, _MOST_READ_SECONDS = 0.2, 0.03, 1.5


def keys(text: str) -> list[str]:
    """Return the keys that a text takes, each with what it puts in; Enter also indents, and skips blank lines."""
    return _KEY.findall(text)


@dataclass(frozen=True)
class Look:
    """What a person does about a suggestion that is shown."""

    accepted: str = ""
    """What of it they accept, at the cost of one key."""
    wrong: bool = False
    """Whether they stopped to read it and found it wrong, which also costs one key."""
    seconds: float = 0.0
    """How long they read."""


@dataclass
class Person:
    """One who types `rest`, and remembers the suggestion that they last read."""

    dice: random.Random
    rest: str
    speed: float = 1.0
    """How much faster than a person."""
    _read: str = field(default="", init=False)

    def gap(self) -> float:
        """Return the seconds until the next key; longer where a word begins or ends, and before Enter."""
        mean = self.dice.uniform(*_GAP)
        if not self.rest[:1].isalnum():
            mean *= _WORD_FACTOR
        return self.dice.lognormvariate(math.log(mean), _SPREAD) / self.speed

    def key(self) -> str:
        """Press the next key; returns what it puts in."""
        return self._put(keys(self.rest)[0])

    def look(self, suggestion: str) -> Look:
        """Look at what is shown, and put in what is accepted of it.

        One glance at its first word costs nothing: where that is wrong, or the suggestion is what is left of one
        that was read before, they type on. Else they read it. They accept it if all of it is right and it ends
        where a word ends, or the first line if that is right; where it saves no key they type on.
        """
        if not suggestion.strip() or self._knows(suggestion) or not self._begins(suggestion):
            return Look()
        self._read = suggestion
        right = next((part for part in (suggestion.rstrip(), _first_line(suggestion)) if self._is_right(part)), "")
        if right and len(keys(right)) < 2:
            return Look()
        seconds = min(_READ_SECONDS + _READ_SECONDS_A_CHAR * len(suggestion.strip()), _MOST_READ_SECONDS)
        seconds /= self.speed
        if not right:
            return Look(wrong=True, seconds=seconds)
        return Look(self._put(right), seconds=seconds)

    def _put(self, text: str) -> str:
        self.rest = self.rest[len(text) :]
        self._read = self._read.removeprefix(text) if self._read.startswith(text) else ""
        return text

    def _knows(self, suggestion: str) -> bool:
        return bool(self._read) and (suggestion.startswith(self._read) or self._read.startswith(suggestion))

    def _begins(self, suggestion: str) -> bool:
        first = _FIRST_WORD.match(suggestion)
        return first is not None and self._is_right(first.group())

    def _is_right(self, part: str) -> bool:
        """Whether it comes next, and does not end within a word."""
        if not part.strip() or not self.rest.startswith(part):
            return False
        left = self.rest[len(part) :]
        return not (_is_word(part[-1:]) and _is_word(left[:1]))


def _first_line(suggestion: str) -> str:
    """Return the first line that says something, with the line ends before it."""
    bare = suggestion.lstrip("\n")
    return suggestion[: len(suggestion) - len(bare)] + bare.split("\n", 1)[0].rstrip()


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


@dataclass
class Tally:
    """What a sitting came to."""

    plain: int = 0
    """Keys that the texts take without any suggestion."""
    typed: int = 0
    accepts: int = 0
    wrong: int = 0
    """Suggestions that were read and were wrong."""
    shown: int = 0
    """Keys after which something was shown before the next one."""

    @property
    def used(self) -> int:
        """All keys, those that wrong suggestions cost included."""
        return self.typed + self.accepts + self.wrong

    @property
    def saved(self) -> float:
        """The share of the plain keys that were saved; below zero where suggestions cost more than they gave."""
        return 1 - self.used / self.plain if self.plain else 0.0

    def add(self, other: Tally) -> None:
        """Add another sitting's."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
