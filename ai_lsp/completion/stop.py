"""When decoding ends before the model does, and what of a text that was broken off may be shown.

Rules are called after every decoded token with all of the text so far, some forty times a request, so they look
at little and read anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from ai_lsp.completion import blocks
from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import CLOSERS, PAIRS, leave, marks, scan
from ai_lsp.filters.lines import below, says_something, scan_before, starts, width
from ai_lsp.filters.repetition import repeated_tail

_LOOP_WINDOW = 300
_MOST_TRIES = 3
_UNFINISHED_NUMBER = re.compile(r"(?<!\w)\d[\w.]*\Z")
_UNFINISHED_NAME = re.compile(r"[\w$]+\Z")
_DANGLING_ACCESS = re.compile(r"(?:\?\.|(?<!\.)\.|->|::)\Z")
_UNFINISHED_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\(?:u\{[0-9a-fA-F]*)?)\Z")


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of a text: all before the character offset `at` is kept."""

    at: int
    reason: str


class StopRule(Protocol):
    """Looks at all text so far and says where it ends, or None while it may go on."""

    def __call__(self, text: str) -> Stop | None:
        """The end of `text`, if it has one."""


@dataclass(frozen=True, slots=True)
class LineStop:
    """Ends with the line; a text that starts with a line end has nothing for this line."""

    def __call__(self, text: str) -> Stop | None:
        """The first line end."""
        at = text.find("\n")
        if at < 0:
            return None
        return Stop(at, "end of the line") if text[:at].strip() else Stop(0, "nothing on this line")


@dataclass(frozen=True, slots=True)
class StatementStop:
    """Ends with the line, or with a later one when brackets or strings opened in the text stand open there."""

    language: str
    max_lines: int
    inside: str = ""
    """What would end the string or comment that the cursor is in, as in `Scan.inside`."""

    def __call__(self, text: str) -> Stop | None:
        """The first line end outside of every bracket and string that the text opened."""
        line = LineStop()(text)
        if line is None or line.at == 0:
            return line
        left = leave(text, self.inside)
        if left < 0 or line.at < left:
            return line
        last = _line_end(text, self.max_lines)
        depth = 0
        for kind, at in marks(text if last < 0 else text[: last + 1], self.language, left):
            if kind == "bracket":
                depth = depth + 1 if text[at] in PAIRS else max(0, depth - 1)
            elif kind == "newline" and depth == 0 and text[at - 1] != "\\":
                return Stop(at, "end of the statement")
        return None if last < 0 else Stop(last, "most lines")


@dataclass(frozen=True, slots=True)
class BlockStop:
    """Ends with the block: before a line further left, after its closing line, or at two blank lines."""

    line_before: str
    """The cursor's line up to the cursor; with code on it, the block is what starts on the next line."""
    language: str
    closer: int | None
    """The columns before the line that closes the block; None when there is none to write."""
    max_lines: int

    def __call__(self, text: str) -> Stop | None:
        """The end of the block; a line is judged by its first character, blank lines with the line after them."""
        lines = starts(text)
        base, first, end, blank = self._base(lines), -1, 0, 0
        for index, (at, line) in enumerate(lines):
            if first >= 0 and index - first >= self.max_lines:
                return Stop(end, "most lines")
            if not line.strip():
                blank += index < len(lines) - 1
                if blank > 1:
                    return Stop(end, "two blank lines")
                continue
            if width(self.line_before + line if index == 0 else line) < base:
                return self._left(at, line, end, index == len(lines) - 1)
            first, end, blank = (index if first < 0 else first), at + len(line), 0
        return None

    def _base(self, lines: list[tuple[int, str]]) -> int:
        if lines[0][1].strip():
            return width(self.line_before + lines[0][1])
        inner = next((width(line) for _, line in lines if line.strip()), 0)
        return max(inner, width(self.line_before) + bool(self.line_before.strip()))

    def _left(self, at: int, line: str, end: int, unfinished: bool) -> Stop | None:
        bare = line.lstrip()
        if not end or self.closer != width(line):
            return Stop(end, "end of the block")
        size = blocks.closing(bare, self.language)
        # More of the closing line may come: `}` becomes `});`, and `en` becomes `end`.
        if unfinished and (size == len(bare) or blocks.may_close(bare, self.language)):
            return None
        return Stop(at + len(line) - len(bare) + size if size else end, "end of the block")


@dataclass(frozen=True, slots=True)
class BodyStop:
    """For a line that opens a block: `block` for a text that starts on the next line, else `statement`."""

    block: BlockStop
    statement: StatementStop

    def __call__(self, text: str) -> Stop | None:
        """The end by the rule that fits; None while the text is white space in the line."""
        bare = text.lstrip(" \t")
        return (self.block if bare.startswith("\n") else self.statement)(text) if bare else None


@dataclass(frozen=True, slots=True)
class SuffixStop:
    """Ends before a line that is the next one of the suffix, or before the rest of the cursor's line."""

    line_before: str
    rest: str
    """What follows the cursor in its line, without white space around it."""
    next_line: str
    """The next line with anything on it; empty for none."""
    language: str
    inside: str = ""

    def __call__(self, text: str) -> Stop | None:
        """The place where the text goes over into the suffix."""
        if self.rest:
            return self._rest_of_line(text)
        if not self.next_line:
            return None
        bare = self.next_line.strip() if says_something(self.next_line) else ""
        # The last line may still grow into another one.
        for index, (at, line) in enumerate(starts(text)[:-1]):
            shown = self.line_before + line if index == 0 else line
            same = shown.rstrip() == self.next_line or (bare and shown.strip() == bare)
            if line.strip() and same and (line.strip()[0] not in CLOSERS or self._is_closed(text[:at])):
                return Stop(max(0, at - 1), "the next line of the document")
        return None

    def _rest_of_line(self, text: str) -> Stop | None:
        sign = self.rest[0]
        # A `>` is more often an operator than a bracket.
        if sign == ">" or sign not in text:
            return None
        if sign in CLOSERS:
            extra = scan(text, self.language, self.inside).extra
            return Stop(extra[0], "the rest of the line") if extra and text[extra[0]] == sign else None
        at = text.find(self.rest)
        for _ in range(_MOST_TRIES):
            if at < 0:
                break
            if self._is_closed(text[:at]):
                return Stop(at, "the rest of the line")
            at = text.find(self.rest, at + 1)
        return None

    def _is_closed(self, kept: str) -> bool:
        """Whether `kept` leaves nothing open that it began: what follows is not the `)` of its own `bar(`."""
        found = scan(kept, self.language, self.inside)
        return not found.opened and found.inside == self.inside and (found.left < 0 or not self.inside)


@dataclass(frozen=True, slots=True)
class RepetitionStop:
    """Ends a text that has begun to loop, after the first time round."""

    def __call__(self, text: str) -> Stop | None:
        """The end of the first of three equal lines, or of a short period as in `repeated_tail`."""
        first, second, third = (["", "", "", *text.split("\n")])[-4:-1]
        if first.strip() == second.strip() == third.strip() and says_something(third):
            partial = len(text) - text.rfind("\n") - 1
            return Stop(len(text) - partial - len(second) - len(third) - 3, "the same line three times")
        tail = repeated_tail(text[-_LOOP_WINDOW:])
        if tail is None:
            return None
        return Stop(max(0, len(text) - _LOOP_WINDOW) + sum(tail), "a loop")


def rules_for(place: Place, *, multiline: str, max_lines: int) -> tuple[list[StopRule], bool]:
    """The rules for one place, and whether the suggestion may be a block of lines.

    `multiline` is ``auto`` (a block where the code says that an empty one is open at the cursor, else one
    statement), ``never`` (one line) or ``always``; `max_lines` bounds a block and a statement.
    """
    inside = scan_before(place).inside
    multi = multiline == "always" or (multiline == "auto" and blocks.is_empty_block(place, inside))
    lines = below(place, 1)
    common: list[StopRule] = [
        SuffixStop(place.line_before, place.line_after.strip(), lines[0] if lines else "", place.language, inside),
        RepetitionStop(),
    ]
    if multiline == "never" or (not multi and inside == "\n"):
        return [LineStop(), *common], False
    statement = StatementStop(place.language, max_lines, inside)
    if not multi:
        return [statement, *common], False
    block = BlockStop(place.line_before, place.language, blocks.closer_column(place), max_lines)
    opened_here = multiline == "auto" and bool(place.line_before.strip())
    return [BodyStop(block, statement) if opened_here else block, *common], True


def first_stop(rules: Iterable[StopRule], text: str) -> Stop | None:
    """The stop that keeps the least of `text`, if any rule has one."""
    stops = [stop for rule in rules if (stop := rule(text)) is not None]
    return min(stops, key=lambda stop: stop.at, default=None)


def stopper(place: Place, *, multiline: str, max_lines: int) -> Callable[[str], tuple[int, str] | None]:
    """The rules of `rules_for` as one function from a text to its end and the reason, as engines want it."""
    rules, _ = rules_for(place, multiline=multiline, max_lines=max_lines)

    def stop_at(text: str) -> tuple[int, str] | None:
        found = first_stop(rules, text)
        return None if found is None else (found.at, found.reason)

    return stop_at


def safe_prefix(text: str, finished: bool) -> str:
    """The part of `text` that may be shown, without trailing white space; empty when nothing is safe.

    A text that was not `finished` loses its last line when a whole one stands before it; else a name, a
    number or an escape at its end, which the next token might have gone on with, and the dot before a name.
    """
    if finished:
        return text.rstrip()
    whole = text.rpartition("\n")[0]
    if whole.strip():
        return whole.rstrip()
    shorter = _UNFINISHED_NUMBER.sub("", text)
    if shorter == text:
        shorter = _UNFINISHED_NAME.sub("", text)
        shorter = _DANGLING_ACCESS.sub("", shorter)
    if escape := _UNFINISHED_ESCAPE.search(shorter):
        shorter = shorter[: escape.start(1)]
    return shorter.rstrip()


def _line_end(text: str, number: int) -> int:
    """The offset of the line end that ends line `number` of `text`, counted from one; -1 for none."""
    at = -1
    for _ in range(number):
        at = text.find("\n", at + 1)
        if at < 0:
            return -1
    return at
