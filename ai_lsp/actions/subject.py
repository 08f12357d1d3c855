"""What one run of an action is about: some whole lines of one version of a document."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ai_lsp.actions.action import Scope
from ai_lsp.actions.around import Comment, Definition

_INSTRUCTION = re.compile(
    r"^[ \t]*(?P<mark>#+|//[/!]?|--+|;+|%+|/\*+|<!--|\"|\*|\{-|\(\*)[ \t]*ai:[ \t]*(?P<text>.*?)[ \t]*"
    r"(?:\*/|-->|-\}|\*\))?[ \t]*$",
    re.IGNORECASE,
)
_MARKS = ("#", "//", "--", ";", "%", "/*", "<!--", "*", '"', "{-", "(*")
_COMMENT_LINES = 5
_GOES_ON = ("#", "//", "--", ";", "%")
"""Marks whose comment goes on with the next line that begins with them."""


@dataclass(frozen=True)
class Told:
    """What a language server says of some lines, zero-based and inclusive."""

    line: int
    last: int
    message: str
    severity: int = 1


@dataclass(frozen=True)
class Instruction:
    """A comment ``ai: ...``, on lines `first` to `last`."""

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Text:
    """One version of a document, as it was when the action was asked for."""

    uri: str
    path: str
    """As a person would name it."""
    file: str
    """The absolute path; empty for what lies nowhere."""
    root: str
    """The workspace folder (absolute); empty outside of all."""
    language: str
    version: int
    lines: Sequence[str] = field(repr=False)
    """With their ends; a copy."""
    eol: str = "\n"


@dataclass(frozen=True)
class Subject:
    """Lines `first` to `last`, inclusive and zero-based, and what is known of them."""

    text: Text
    scope: Scope
    first: int
    last: int
    definition: Definition | None = None
    comment: Comment | None = None
    instruction: Instruction | None = None
    diagnostics: tuple[Told, ...] = ()

    @cached_property
    def original(self) -> str:
        r"""The lines as they are, ends as ``\n``, without those of the instruction."""
        said = self.instruction
        kept = (
            line
            for number, line in enumerate(self.text.lines[self.first : self.last + 1], self.first)
            if said is None or not said.first <= number <= said.last
        )
        return "".join(kept).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def code(self) -> str:
        """The lines without the indentation that they share."""
        return textwrap.dedent(self.original).strip("\n")

    @cached_property
    def indent(self) -> str:
        """The indentation of the first line that has text."""
        lines = self.text.lines[self.first : self.last + 1]
        line = next((line for line in lines if line.strip()), "")
        return line[: len(line) - len(line.lstrip(" \t"))]


def instruction_near(lines: Sequence[str], first: int, last: int) -> Instruction | None:
    """Return the comment ``ai: ...`` in lines `first` to `last`, or in the comment right above them."""
    start = first
    while start and first - start < _COMMENT_LINES and lines[start - 1].lstrip().startswith(_MARKS):
        start -= 1
    for number in range(start, min(last + 1, len(lines))):
        found = _INSTRUCTION.match(lines[number].rstrip("\r\n"))
        if found and found["text"]:
            return _whole(lines, number, found["mark"], found["text"])
    return None


def _whole(lines: Sequence[str], first: int, mark: str, text: str) -> Instruction:
    words, end = [text], first
    while mark.startswith(_GOES_ON) and end + 1 < len(lines):
        below = lines[end + 1].strip()
        if not below.startswith(mark) or not below[len(mark) :].strip() or below.startswith(mark + mark[0]):
            break
        words.append(below[len(mark) :].strip())
        end += 1
    return Instruction(" ".join(words), first, end)


def block_after(lines: Sequence[str], line: int) -> int:
    """Return the last line of the code that follows `line` up to a blank line or a lesser indentation."""
    end, indent = line, None
    for number in range(line + 1, len(lines)):
        text = lines[number]
        if not text.strip():
            break
        width = len(text) - len(text.lstrip())
        if indent is not None and width < indent:
            break
        indent = width if indent is None else indent
        end = number
    return end
