"""Answers kept for the keystrokes that type through them."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LOOK_BACK = 128
"""How many typed characters an answer survives; llama.vim's figure."""
PREFIX_KEY = 1024
SUFFIX_KEY = 256

_CLOSES = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`"}
_ADDED = re.compile(r"""(\n[ \t]*)?([)\]}"'`]{0,4})""")

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the model wrote at one place."""

    text: str
    complete: bool
    """Whether the model or a stop rule ended the text, and not a deadline."""
    confidence: float | None = None
    trace: Any = None


@dataclass(frozen=True, slots=True)
class Hit:
    """What is left of an entry at the place that was asked for."""

    text: str
    """Never empty."""
    entry: Entry
    typed: str
    """What has been typed since the entry's own place."""


class Cache:
    """Entries by document and the text around the cursor, least recently used out first.

    An entry answers at its own place and wherever its text has been typed through, up to `LOOK_BACK`
    characters; after a backspace an older one answers again. What an editor adds behind the cursor by itself
    (closing brackets and quotes, a line end before them) does not count as another suffix. The suffix is part
    of the key, which Continue's cache leaves out.

    Prefix windows should reach `PREFIX_KEY + LOOK_BACK` characters back, or to the document's start.
    """

    def __init__(self, size: int = 500) -> None:
        """Makes a cache of up to `size` entries; 0 keeps none."""
        self._size = size
        self._entries: OrderedDict[_Key, Entry] = OrderedDict()
        self._longest: dict[tuple[str, str], int] = {}
        """By document and suffix, how long the longest text is that was put there: no look-back goes further."""

    def __len__(self) -> int:
        return len(self._entries)

    def resize(self, size: int) -> None:
        """Sets how many entries are kept, and drops those least recently used that are too many."""
        self._size = size
        while len(self._entries) > size:
            self._entries.popitem(last=False)

    def put(self, prefix: str, suffix: str, uri: str, entry: Entry) -> None:
        """Keeps `entry` for this place; a shorter start of the text that is there replaces it only if complete."""
        key = _key(uri, prefix, len(prefix), suffix)
        old = self._entries.pop(key, None)
        if old is not None and not entry.complete and _is_longer(old.text, entry.text):
            entry = old
        self._entries[key] = entry
        self._note_length(key, entry)
        self.resize(self._size)
        if len(self._longest) > 2 * len(self._entries) + 16:
            self._longest.clear()
            for kept, its in self._entries.items():
                self._note_length(kept, its)

    def _note_length(self, key: _Key, entry: Entry) -> None:
        place = key[0], key[2]
        self._longest[place] = max(self._longest.get(place, 0), len(entry.text))

    def get(self, uri: str, prefix: str, suffix: str) -> Hit | None:
        """The rest of the entry nearest before this place whose text starts with what was typed since."""
        known = [
            (added, original, longest)
            for added, original in _originals(suffix)
            if (longest := self._longest.get((uri, original[:SUFFIX_KEY])))
        ]
        most = max((longest for _, _, longest in known), default=-1)
        for count in range(min(LOOK_BACK, len(prefix), most) + 1):
            end = len(prefix) - count
            for added, original, _ in known:
                key = _key(uri, prefix, end, original)
                entry = self._entries.get(key)
                if entry is None:
                    continue
                typed = prefix[end:]
                text = _rest(entry.text, typed, added)
                if text:
                    self._entries.move_to_end(key)
                    return Hit(text, entry, typed)
        return None

    def forget(self, uri: str) -> None:
        """Drops all that is kept for one document."""
        for key in [key for key in self._entries if key[0] == uri]:
            del self._entries[key]
        for place in [place for place in self._longest if place[0] == uri]:
            del self._longest[place]


def _key(uri: str, prefix: str, end: int, suffix: str) -> _Key:
    return uri, prefix[max(0, end - PREFIX_KEY) : end], suffix[:SUFFIX_KEY]


def _is_longer(old: str, new: str) -> bool:
    return len(old) > len(new) and old.startswith(new)


def _originals(suffix: str) -> Iterator[tuple[str, str]]:
    """The suffix as it is, and without what an editor may have added, as (added, suffix without it)."""
    yield "", suffix
    found = _ADDED.match(suffix)
    line_end, closers = (found[1] or "", found[2]) if found else ("", "")
    leads = ("", line_end) if line_end else ("",)
    for lead in leads:
        # Closers stand directly at the cursor or directly after the added line end.
        most = len(closers) if lead == line_end else 0
        for count in range(most + 1):
            if lead or count:
                size = len(lead) + count
                yield suffix[:size], suffix[size:]


def _rest(text: str, typed: str, added: str) -> str:
    if not text.startswith(typed):
        return ""
    rest = text[len(typed) :]
    if not added:
        return rest
    closers = added.lstrip("\n \t")
    if closers != _unclosed(typed) or (added[0] == "\n" and "\n" not in typed):
        return ""
    if closers:
        rest = _until(rest, closers[0])
    return rest.rstrip() if added[0] == "\n" else rest


def _unclosed(typed: str) -> str:
    """What an editor puts behind the cursor for the brackets and quotes in `typed`, innermost first."""
    stack: list[str] = []
    for character in typed:
        _step(stack, character)
    return "".join(reversed(stack))


def _until(rest: str, closer: str) -> str:
    stack = [closer]
    for at, character in enumerate(rest):
        _step(stack, character)
        if not stack:
            return rest[:at]
    return rest


def _step(stack: list[str], character: str) -> None:
    if stack and character == stack[-1]:
        stack.pop()
    elif (not stack or stack[-1] not in "\"'`") and character in _CLOSES:
        stack.append(_CLOSES[character])
