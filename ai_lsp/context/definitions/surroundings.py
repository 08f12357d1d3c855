"""The class and the function around the cursor, told from indentation, so that unfinished code does not matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

_TYPE = re.compile(
    r"^\s*(?:[\w@]+\s+|[\w(]+\)\s+)*?"
    r"(?P<kind>class|struct|interface|trait|enum|record|impl(?:\s*<[^{]*?>)?|namespace|module|mod|object)\s+"
    r"(?:[^{]*?\sfor\s+)?(?P<name>[^\W\d]\w*)"
)
_SPACES = frozenset({"namespace", "module", "mod"})
_CLOSES = (")", "]", "}", "{", ">", "->", "where ")
_DEF = re.compile(r"^\s*(?:async\s+)?def\b")
_BODY = re.compile(r"[^;{}()]*(?:\([^()]*\)[^;{}()]*)?(?:\{|=>)")
_CONTROL = re.compile(r"^\s*(?:\}\s*)?(?:if|else|for|foreach|while|switch|match|catch|using|lock)\b")
_BY_DEF = ("python", "ruby")
_TYPE_FIRST = ("java", "csharp", "c", "cpp", "php", "dart")
_NAME = re.compile(r"[^\W\d]\w*")
_MODIFIERS = re.compile(r"\b(?:mut|public|private|protected|readonly|final|const|ref|out)\b|@\w+")
_MOST_LINES, _HEAD_LINES, _LONGEST_LINE = 3000, 30, 500
_ASSIGNED = re.compile(r"\s*(?:const|let|var)\s+[({\[]([^=\n]*)=|([^=(\n]*?)\s(?::?=)\s")
_BOUND = re.compile(
    r"\bfor\s+([\w\s,*()]+?)\s+in\b|\bas\s+\$?(\w+)|(\w+)\s*:=|\bfor(?:each)?\s*\((?:[\w<>\[\]]+\s+)+?(\w+)\s*(?:[=:]|of\b|in\b)"
)
_ARGUMENTS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
"""Type arguments, which are no names of variables."""


class Surroundings:
    """What encloses the end of `lines`, which are a document's lines up to the cursor, the last one unfinished."""

    def __init__(self, lines: Sequence[str], language: str) -> None:
        self.lines = [line[:_LONGEST_LINE] for line in lines[-_MOST_LINES:]]
        self._language = language

    @cached_property
    def _headers(self) -> list[int]:
        """Indexes of the lines that open the blocks around the cursor, innermost first."""
        found: list[int] = []
        width = _width(self.lines[-1]) if self.lines else 0
        closing = False
        for at in range(len(self.lines) - 2, -1, -1):
            line = self.lines[at]
            own = _width(line)
            if not line.strip() or own > width or (own == width and not closing):
                continue
            closing = line.lstrip().startswith(_CLOSES)
            width = own
            if not closing:
                found.append(at)
        return found

    @cached_property
    def class_name(self) -> str | None:
        """The innermost class, or whatever has members, around the cursor."""
        for at in self._headers:
            found = _TYPE.match(self.lines[at])
            if found and found["kind"] not in _SPACES:
                return found["name"]
        return None

    @cached_property
    def class_lines(self) -> Sequence[str]:
        """The lines from the head of that class to the cursor; none outside of classes."""
        for at in self._headers:
            found = _TYPE.match(self.lines[at])
            if found and found["kind"] not in _SPACES:
                return self.lines[at:]
        return ()

    @cached_property
    def function_lines(self) -> Sequence[str]:
        """The lines from the head of the outermost function around the cursor on; none outside of functions."""
        for at in reversed(self._headers):
            if self._opens_function(at):
                return self.lines[at:]
        return ()

    def _opens_function(self, at: int) -> bool:
        line = self.lines[at]
        if self._language in _BY_DEF:
            return _DEF.match(line) is not None
        if _TYPE.match(line) or _CONTROL.match(line):
            return False
        text = "\n".join(self.lines[at : at + _HEAD_LINES])
        start, stop = _parentheses(text)
        return 0 <= start < len(line) and _BODY.match(text, stop + 1) is not None

    def binds(self, name: str) -> bool:
        """Whether `name` is a parameter or a variable of the function around the cursor."""
        return name in self._parameters or name in self._variables

    @cached_property
    def _variables(self) -> frozenset[str]:
        """The names that the function around the cursor assigns to, but for attributes."""
        return frozenset(name for line in self.function_lines for name in assigned(line))

    @cached_property
    def _parameters(self) -> frozenset[str]:
        """The names of the parameters of the functions around the cursor."""
        heads = (self.lines[at : at + _HEAD_LINES] for at in self._headers if self._opens_function(at))
        return frozenset(name for head in heads for name in parameters("\n".join(head), self._language))

    def about(self, name: str) -> str:
        """Return the lines before the cursor that name `name`: of the function, else of the whole text."""
        lines = [line for line in self.function_lines if name in line]
        return "\n".join(lines or [line for line in self.lines if name in line])


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _parentheses(text: str) -> tuple[int, int]:
    """Return where the first parenthesis of `text` opens and closes; it closes at the end where it does not."""
    start, depth = text.find("("), 0
    for at in range(max(0, start), len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0 and start >= 0:
            return start, at
    return start, len(text)


def parameters(head: str, language: str) -> list[str]:
    """Return the names of the parameters in the head of a function, with the receiver of a Go method."""
    start, stop = _parentheses(head)
    if start < 0:
        return []
    inside, depth, pieces = head[start + 1 : stop], 0, [""]
    for character in inside:
        depth += (character in "([{<") - (character in ")]}>")
        if character == "," and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += character
    at = -1 if language in _TYPE_FIRST else 0
    names = (_NAME.findall(_MODIFIERS.sub("", piece.partition("=")[0])) for piece in pieces)
    found = [some[at] for some in names if some]
    is_receiver = re.match(r"\s*func\s*$", head[:start]) is not None
    return found + (parameters(head[stop + 1 :], language) if is_receiver else [])


def assigned(line: str) -> list[str]:
    """Return the names that a line of code gives a value, but for attributes."""
    found = [name for groups in _BOUND.findall(line) for group in groups for name in _NAME.findall(group)]
    target = _ASSIGNED.match(line)
    if target is None:
        return found
    for piece in (target[1] or _ARGUMENTS.sub("", target[2])).split(","):
        names = _NAME.findall(piece.partition(":")[0])
        if names and "." not in piece and "->" not in piece:
            found.append(names[-1])
    return found
