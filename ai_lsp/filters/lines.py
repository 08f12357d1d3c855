"""Lines around a cursor and in a suggestion, as filters and stop rules compare them."""

from __future__ import annotations

import functools
import re

from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import Scan, scan_window

PREFIX_WINDOW = 6000
"""How many characters before the cursor are read for brackets, strings and indentation."""
SUFFIX_WINDOW = 3000
"""How many characters after the cursor are read for the same."""

_TAB = 4
_LETTERS = re.compile(r"[^\W\d_]")


def width(line: str) -> int:
    """The columns of white space that start `line`, with a tab as four."""
    lead = line[: len(line) - len(line.lstrip(" \t"))]
    return len(lead.expandtabs(_TAB))


def says_something(line: str) -> bool:
    """Whether `line` is more than brackets, numbers, the shortest of words and ``#endif``."""
    bare = line.strip()
    return len(bare) >= 6 and len(_LETTERS.findall(bare)) >= 3 and not bare.startswith(("#endif", "# endif"))


def starts(text: str) -> list[tuple[int, str]]:
    """The lines of `text` with the offset of each, line ends left out; at least one."""
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def before_window(place: Place, chars: int = PREFIX_WINDOW) -> str:
    """The end of the prefix, from a line start where it is cut."""
    if len(place.prefix) <= chars:
        return place.prefix
    window = place.prefix[-chars:]
    return window[window.find("\n") + 1 :]


def begins_file(place: Place) -> bool:
    """Whether `before_window` shows all that is above the cursor."""
    return place.line <= before_window(place).count("\n")


@functools.lru_cache(maxsize=8)
def scan_before(place: Place) -> Scan:
    """The brackets and strings of `before_window`; stop rules and filters ask for the same place in turn."""
    return scan_window(before_window(place), place.language)


def above(place: Place, count: int) -> list[str]:
    """Up to `count` non-blank lines over the cursor's line, in the document's order, trailing space left out."""
    whole = before_window(place)[: -len(place.line_before) or None]
    return [line.rstrip() for line in whole.split("\n") if line.strip()][-count:]


def below(place: Place, count: int) -> list[str]:
    """Up to `count` non-blank lines under the cursor's line, trailing space left out."""
    rest = place.suffix[len(place.line_after) : SUFFIX_WINDOW + len(place.line_after)]
    return [line.rstrip() for line in rest.split("\n") if line.strip()][:count]
