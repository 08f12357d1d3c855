"""What of a text is code, and what is comment or string: all that cutting cases needs to know of a language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from tree_sitter_language_pack import SupportedLanguage, get_parser

COMMENT, STRING = "\x01", "\x02"
"""What stands for each character of a comment and of a string in `Code.masked`."""
_GRAMMARS = {"csharp": "csharp"}
_STRINGS = ("string", "char_literal", "character_literal", "rune_literal", "regex", "heredoc", "raw_text")
_OPEN, _CLOSE = "([{", ")]}"
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Line:
    """One line of a text."""

    number: int
    start: int
    """Offset of its first character."""
    text: str
    masked: str

    @property
    def end(self) -> int:
        """Offset of its line end."""
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        """How many white space characters it begins with."""
        return len(self.text) - len(self.text.lstrip(" \t"))

    @property
    def code(self) -> str:
        """The masked line without comments and white space around it; strings are masked."""
        return self.masked.replace(COMMENT, " ").strip()

    @property
    def closed(self) -> bool:
        """Whether its brackets are closed within it, and none is closed that it did not open."""
        depth = 0
        for sign in self.masked:
            depth += (sign in _OPEN) - (sign in _CLOSE)
            if depth < 0:
                return False
        return depth == 0


class Code:
    """A file's text with its comments and strings known."""

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self.text = text

    @cached_property
    def _root(self) -> Any:
        grammar = cast(SupportedLanguage, _GRAMMARS.get(self.language, self.language))
        return get_parser(grammar).parse(self.text.encode()).root_node

    @property
    def broken(self) -> bool:
        """Whether the parser found errors in a large part of it."""
        return any(child.type == "ERROR" for child in self._root.children)

    @cached_property
    def masked(self) -> str:
        """The text with every character of comments and strings replaced; line ends stay."""
        signs, offsets = list(self.text), _offsets(self.text)
        stack = [self._root]
        while stack:
            node = stack.pop()
            sign = _sign(node)
            if not sign:
                stack.extend(node.children)
                continue
            for at in range(offsets[node.start_byte], offsets[node.end_byte]):
                if signs[at] != "\n":
                    signs[at] = sign
        return "".join(signs)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines."""
        found, start = [], 0
        for number, (text, masked) in enumerate(zip(self.text.split("\n"), self.masked.split("\n"), strict=True)):
            found.append(Line(number, start, text, masked))
            start += len(text) + 1
        return tuple(found)

    def next_code(self, number: int) -> Line | None:
        """Return the first line below line `number` that has code."""
        return next((line for line in self.lines[number + 1 :] if line.code), None)


def identifiers(text: str) -> list[str]:
    """Return the names in `text`, in order."""
    return _WORD.findall(text)


def _sign(node: Any) -> str:
    if "comment" in node.type:
        return COMMENT
    is_string = any(part in node.type for part in _STRINGS)
    # A template's or f-string's code is masked too: nothing is cut there.
    return STRING if is_string and node.is_named else ""


def _offsets(text: str) -> list[int]:
    """Return for each byte of the UTF-8 text, and for its end, the offset of its character."""
    if text.isascii():
        return list(range(len(text) + 1))
    found: list[int] = []
    for at, sign in enumerate(text):
        found.extend([at] * len(sign.encode()))
    return [*found, len(text)]
