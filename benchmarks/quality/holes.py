"""Where a hole can be cut in a file, one function a kind of case.

A hole is a span of characters that is taken out. What a person would have typed there is the span's text, or
nothing where a suggestion would only be in the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.quality.code import COMMENT, STRING, Code, Line, identifiers

_LEAST_REST = 5
_MOST_CHARS = 100
_BLOCK_LINES = range(2, 7)
_BREAK = re.compile(r"(?<=[\w)\]}])(?=[^\w\s])|(?<=[^\w\s])(?=[\w\"'(\[{])|(?<=\s)(?=\S)")
"""Between two tokens, roughly: where people pause and where they want help."""
_CLOSING_REST = re.compile(r"[\s)\]};:,]*\{?\s*")
_STATEMENT = re.compile(r"[\w)\]}\"';\x02]\Z")
_GOES_ON = re.compile(r"[.?:&|+*/%=<>)\]},-]|and\b|or\b|else\b|elif\b|except\b|catch\b|finally\b|where\b")
_CALL = re.compile(r"(?<=\w)\(")


class Hole(NamedTuple):
    """From where to where, as offsets."""

    start: int
    end: int


Finder = Callable[[Code], Iterator[Hole]]


def line_rest(code: Code) -> Iterator[Hole]:
    """The rest of a line, from between two tokens of it."""
    for line in _lines(code):
        first = line.start + line.indent
        for found in _BREAK.finditer(line.masked):
            at = line.start + found.start()
            if at - first >= 4 and _is_rest(code, line, at):
                yield Hole(at, _code_end(line))


def mid_word(code: Code) -> Iterator[Hole]:
    """The rest of a line, from within a name of which two characters and more are typed."""
    for line in _lines(code):
        for found in re.finditer(r"[^\W\d]\w{4,}", line.masked):
            at = line.start + found.start() + 2 + (found.end() - found.start()) // 3
            if _is_rest(code, line, at):
                yield Hole(at, _code_end(line))


def empty_line(code: Code) -> Iterator[Hole]:
    """A whole statement of one line after its indentation, below another line of the same block."""
    for line in _lines(code):
        above = code.lines[line.number - 1] if line.number else None
        if line.indent and above is not None and above.indent == line.indent and _is_statement(code, line):
            yield Hole(line.start + line.indent, _code_end(line))


def whole_line(code: Code) -> Iterator[Hole]:
    """A whole statement of one line with its indentation, from the line's very start."""
    for line in _lines(code):
        if _is_statement(code, line):
            yield Hole(line.start, _code_end(line))


def block(code: Code) -> Iterator[Hole]:
    """The two to six lines in a block that the line above opens, after the first one's indentation."""
    for opener in code.lines:
        if (
            not opener.code.endswith(":" if code.language == "python" else ("{", " do"))
            or COMMENT in opener.masked
        ):
            continue
        body = _body(code, opener)
        if len(body) in _BLOCK_LINES and all(line.code.strip(STRING) for line in body):
            yield Hole(body[0].start + body[0].indent, _code_end(body[-1]))


def arguments(code: Code) -> Iterator[Hole]:
    """All that a call has in its brackets, where only closing signs follow them."""
    for line in _lines(code):
        for found in _CALL.finditer(line.masked):
            size = _closing(line.masked[found.end() :])
            inside = line.text[found.end() : found.end() + size] if size > 0 else ""
            rest = line.masked[found.end() + size :]
            if len(inside) >= 3 and identifiers(inside) and _CLOSING_REST.fullmatch(rest):
                yield Hole(line.start + found.end(), line.start + found.end() + size)


def comment(code: Code) -> Iterator[Hole]:
    """The rest of a line of prose in a comment, from between two words: nothing is wanted there."""
    for line in code.lines:
        bare = line.text.strip()
        if line.masked.strip(COMMENT + " \t") or len(re.findall(r"\b[a-z]{2,}\b", bare)) < 6:
            continue
        for found in re.finditer(r"(?<=[a-z]) (?=[a-z])", line.text):
            if line.indent + 10 <= found.end() <= len(line.text) - 8:
                yield Hole(line.start + found.end(), line.end)


def finished(code: Code) -> Iterator[Hole]:
    """Nothing, at the end of a statement that is whole: the next key is Enter."""
    for line in _lines(code):
        if _is_statement(code, line) and line.end == _code_end(line):
            yield Hole(line.end, line.end)


FINDERS: dict[str, Finder] = {
    "line_rest": line_rest,
    "mid_word": mid_word,
    "empty_line": empty_line,
    "whole_line": whole_line,
    "block": block,
    "arguments": arguments,
    "comment": comment,
    "finished": finished,
}
"""By kind of case."""
SILENT = ("comment", "finished")
"""Kinds where showing nothing is right."""


def _lines(code: Code) -> Iterator[Line]:
    """Lines of code alone, of a usual length."""
    for line in code.lines:
        if 8 <= len(line.code) <= _MOST_CHARS and COMMENT not in line.masked:
            yield line


def _code_end(line: Line) -> int:
    return line.start + len(line.text.rstrip())


def _is_rest(code: Code, line: Line, at: int) -> bool:
    rest = code.text[at : _code_end(line)]
    return len(rest.strip()) >= _LEAST_REST and bool(identifiers(code.masked[at : line.end]))


def _is_statement(code: Code, line: Line) -> bool:
    """Whether a line is a statement of its own: nothing is open in it, and neither neighbour goes on with it."""
    if not line.closed or not _STATEMENT.search(line.code) or not identifiers(line.code) or line.code[0] in "@#[":
        return False
    below = code.next_code(line.number)
    if (
        below is not None
        and (below.indent > line.indent or _GOES_ON.match(below.code))
        and below.code[0] not in "})"
    ):
        return False
    return not _is_open_above(code, line)


def _is_open_above(code: Code, line: Line) -> bool:
    """Whether the line above leaves something open that ends in this line."""
    above = next((one for one in reversed(code.lines[: line.number]) if one.code), None)
    if above is None:
        return False
    if above.indent == line.indent:
        return bool(re.search(r"[,(\[=+.|&\\]\Z", above.code))
    return above.indent < line.indent and not above.code.endswith((":", "{", "do", "then", "|"))


def _body(code: Code, opener: Line) -> list[Line]:
    """Return the lines below `opener` that are further right than it, up to the first that is not."""
    body: list[Line] = []
    for line in code.lines[opener.number + 1 : opener.number + 2 + _BLOCK_LINES.stop]:
        if not line.text.strip() or line.indent <= opener.indent:
            break
        body.append(line)
    return body


def _closing(masked: str) -> int:
    """Return the offset of the bracket that closes one opened before; -1 for none in the line."""
    depth = 0
    for at, sign in enumerate(masked):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return at
    return -1
