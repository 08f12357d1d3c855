"""Suggestions after which the file parses worse than before."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision, Offence
from ai_lsp.filters.lexical import CLOSERS, PAIRS, begins_inside, scan
from ai_lsp.filters.lines import SUFFIX_WINDOW, before_window, begins_file, scan_before, width
from ai_lsp.filters.whole import SECONDS, Parts, WholeOf, no_whole
from ai_lsp.syntax.faults import parsed

_MOST_CUTS = 6
"""Cuts that are tried, by lines and tokens: each takes a parse."""
_MOST_FAULTS = 5
"""Errors around a cursor above which it is misread."""
_UNFINISHED = frozenset("<,=&|.@^~\\")
"""Signs after which something comes in any language."""
_CLOSED_WITHIN = 200
"""Characters after the cursor in which brackets are closed that a part leaves open."""
_TOKEN_END = re.compile(r"(?<=\w)(?!\w)|(?<=([^\w\s]))(?!\1)")
"""Between two equal signs is no end: they are one, or a quote."""
_PHP = re.compile(r"<\?(?:php|=)|\?>")
"""Where PHP's code begins or ends; before it is text."""
_DEEP = 10_000
"""More columns than any line begins with."""
_ANY = re.compile("")
_OPEN = re.compile(r"[^)\]}\"'`;]\Z")
"""The end of a line that may want another word."""
_Ends = tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
_PYTHON: _Ends = (
    (_ANY, ("@",)),
    (_OPEN, (" _@",)),
    (re.compile(r"^(?:if|elif|while|with|def|class|except|match|case|async)\b"), ("@: _", " _@: _")),
    (re.compile(r"^(?:async )?for\b"), ("@: _", " in _@: _", " _ in _: _")),
    (re.compile(r"^from\b"), (" import _", " _ import _")),
    (re.compile(r"\[.*\bfor\b"), (" in _@",)),
)
_RUBY: _Ends = (
    (_ANY, ("@",)),
    (_OPEN, (" _@",)),
    (
        re.compile(r"^(?:def|class|module|if|unless|while|until|case|begin)\b|\bdo\b"),
        ("@; end", " _@; end", "|@; end"),
    ),
    (re.compile(r"\?"), (" _ : _@",)),
    (re.compile(r":$"), ("_@",)),
)
_BRACES: _Ends = (
    (_ANY, ("@;", "@")),
    (_OPEN, (" _@;", " _@")),
    (re.compile(r"^(?:if|for|while|fn|func|class|struct|impl|match|switch)\b"), ("@ {}", " _@ {}", " (_) {}")),
    (re.compile(r"\b(?:fn|func|function|void)$"), (" _() {}",)),
    (re.compile(r"\?"), (" _ : _@;", " : _@;")),
    (re.compile(r"<"), (">()@;", " _>()@;", " _>@;", ">@;")),
    (re.compile(r"^(?:import|export)\b"), ('@ from "_";', '_@ from "_";')),
    (re.compile(r"\|"), ("| _@;", " _| _@;")),
    (re.compile(r"^case\b"), ("@: _;", " _@: _;")),
)
_ENDS = {"python": _PYTHON, "ruby": _RUBY}
"""How a line may go on that begins so, or has this, by language; ``@`` is what closes its brackets."""


@dataclass(frozen=True)
class Parses:
    """Cuts to the longest part after which the file parses no worse than before; keeps back what has none."""

    whole_of: WholeOf = no_whole

    def __call__(self, text: str, place: Place) -> Decision:
        """Ask the whole file, where it is known, about what may close something that the window does not show."""
        around = parses_around(place)
        if around is None or around.is_misread:
            return Decision("parses", text)
        around.begin(text)
        ends = itertools.takewhile(lambda _end: around.has_time, _completed(text, place))
        if around.is_fine(text) or any(map(around.is_fine, ends)) or not around.has_time:
            return Decision("parses", text)
        whole = self.whole_of(place) if not begins_file(place) and _closes_more(text, place) else None
        if whole is not None and whole.may_be_fine(text):
            return Decision("parses", text)
        return _cut(text, place, around)


@dataclass(frozen=True)
class ParsesWhenCut:
    """Does as `Parses` does, with a text that was cut: its end is no beginning of anything.

    There the whole file counts, where it is known: a window may begin in the middle of what was cut.
    """

    whole_of: WholeOf = no_whole

    def __call__(self, text: str, place: Place) -> Decision:
        """Cut once more, or keep back all."""
        around = parses_around(place)
        if around is None:
            return Decision("parses", text)
        decision = Decision("parses", text) if around.may_be_fine(text) else _cut(text, place, around)
        whole = self.whole_of(place) if decision.text else None
        if whole is None or whole.may_be_fine(decision.text):
            return decision
        return Decision("parses", "", "the file would parse worse", Offence("", text))


def _closes_more(text: str, place: Place) -> bool:
    """Whether `text` closes more brackets than the window shows to be open."""
    before = scan_before(place)
    return len(scan(text, place.language, before.inside).extra) > len(before.opened)


def _cut(text: str, place: Place, around: _Around) -> Decision:
    shorter = (part for part in _parts(text) if part.strip() and part != text and _ends_well(part, place))
    for part in itertools.islice(shorter, _MOST_CUTS):
        if around.has_time and around.is_fine(part):
            return Decision("parses", part, "with the rest the file would parse worse")
    return Decision("parses", "", "the file would parse worse", Offence("", text))


def _ends_well(part: str, place: Place) -> bool:
    """Whether a part may be an end: it calls for nothing more, and what it opens is closed after the cursor.

    Of what a window leaves open the parser cannot tell where it was opened.
    """
    closers = "".join(
        PAIRS[part[at]] for at in reversed(scan(part, place.language, scan_before(place).inside).opened)
    )
    return part[-1] not in _UNFINISHED and "".join(place.suffix[:_CLOSED_WITHIN].split()).startswith(closers)


class _Around(Parts):
    """The window around a place."""

    @property
    def is_misread(self) -> bool:
        """Whether there are so many errors that one more says nothing; each parse is slow there, too."""
        return self.empty.faults > _MOST_FAULTS


@functools.lru_cache(maxsize=4)
def parses_around(place: Place) -> _Around | None:
    """Return what is known of a place, for all tries there.

    None for a language without a grammar, and where the errors are so many that a parse takes too long.
    """
    before, after = _before(place), _after(place)
    try:
        empty = parsed(before + after, place.language, seconds=SECONDS)
    except TimeoutError:
        return None
    return _Around(before, after, place, empty) if empty is not None else None


def _before(place: Place) -> str:
    """Return the text before the cursor from a line on that is nested as little as any."""
    window = before_window(place)
    if place.language == "php" and not _PHP.search(window):
        return "<?php\n" + window
    inside = begins_inside(window, place.language)
    if inside:
        return inside + window
    lines = window[: len(window) - len(place.line_before)].splitlines(keepends=True)
    widths = [_DEEP if _closes(line) else width(line) for line in lines]
    least = min(widths, default=_DEEP)
    return "".join(lines[widths.index(least) :]) + place.line_before if least < _DEEP else window


def _after(place: Place) -> str:
    """Return the text after the cursor up to a line that is nested as little as any."""
    lines = place.suffix[:SUFFIX_WINDOW].splitlines(keepends=True)
    widths = [width(line) if line.strip() else _DEEP for line in lines]
    if len(lines) < 2 or (least := min(widths[1:])) == _DEEP:
        return "".join(lines)
    last = len(widths) - 1 - widths[::-1].index(least)
    return "".join(lines[: last + _closes(lines[last])])


def _closes(line: str) -> bool:
    """Whether `line` is blank or begins with what closes a block, so that nothing can begin there."""
    return not line.strip() or line.lstrip()[0] in CLOSERS


def _completed(text: str, place: Place) -> Iterator[str]:
    """Yield `text` as it may go on where its end is not finished, with what it left open closed."""
    found = scan(text, place.language, scan_before(place).inside)
    closers = "".join(PAIRS[text[at]] for at in reversed(found.opened))
    quote = found.inside.strip()
    line = (place.line_before + text).rpartition("\n")[2].strip()
    for start, ends in _ENDS.get(place.language, _BRACES):
        if start.search(line):
            yield from (text + quote + end.replace("@", closers) for end in ends)
    if quote:
        yield from (text + "_}" + quote + closers + end for end in ("", ";"))


def _parts(text: str) -> Iterator[str]:
    """Yield shorter and shorter starts of `text`: by lines, then by tokens in the first one's latter half."""
    lines = text.split("\n")
    yield from ("\n".join(lines[:count]).rstrip() for count in range(len(lines) - 1, 0, -1))
    ends = [found.end() for found in _TOKEN_END.finditer(lines[0], len(lines[0]) // 2)]
    yield from (lines[0][:end] for end in reversed(ends))
