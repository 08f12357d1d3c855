"""The prose of a comment, put back between the marks that it had."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from ai_lsp.actions import extract
from ai_lsp.actions.edits import changes
from ai_lsp.actions.forms.form import Draft, Material, Result, Surroundings, Unusable
from ai_lsp.actions.offer import is_english
from ai_lsp.actions.subject import Subject

_OPENING = re.compile(r"""[ \t]*(?:/\*+!?|//[/!]?|\*(?!/)|\#+:?|--+|;+|%+|<!--|[rRuU]?\"{3}|[rRuU]?'{3})?[ \t]*""")
_CLOSING = re.compile(r"""[ \t]*(?:\*+/|-->|\"{3}|'{3})[ \t]*\Z""")
_WORD = re.compile(r"[^\W\d_]+")
_LONG, _REPEATED = 4, 0.4
_LEAST_WIDTH, _MOST_WIDTH = 72, 120


@dataclass(frozen=True)
class Marks:
    """What is around the prose of a comment."""

    opening: str
    """Before its first line, with the code that stands there."""
    middle: str
    """Before each later line."""
    closing: str
    """After its last line; begins with a line end where it has a line of its own."""
    text: str
    """The prose, one paragraph a line."""


def material(subject: Subject, around: Surroundings) -> Material:
    """Give the prose without its marks."""
    marks = marks_of(subject)
    return Material({"code": marks.text, "target": around.target}, plan=marks)


def exchanged(draft: Draft) -> Result:
    """Return the edits that exchange the prose, wrapped as wide as it was."""
    subject = draft.subject
    marks: Marks = draft.material.plan
    text = extract.prose(draft.answer)
    if not text or "*/" in text or '"""' in text:
        raise Unusable("is no text that a comment can have")
    if draft.material.values["target"] == "English" and not is_english(text) and _repeats(text, marks.text):
        raise Unusable("is not translated into English")
    made = changes(subject.text.lines, subject.first, subject.last, _rebuilt(marks, text, _width(subject)))
    if not made:
        raise Unusable("is the comment as it was")
    return Result(tuple(made))


def _repeats(text: str, original: str) -> bool:
    """Whether many words of a text are those of the original; short ones may be the same in many languages."""
    words = [word for word in _WORD.findall(text.lower()) if len(word) >= _LONG]
    return sum(word in original.lower() for word in words) > _REPEATED * len(words)


def marks_of(subject: Subject) -> Marks:
    """Take a comment apart."""
    lines = subject.original.rstrip("\n").split("\n")
    column = subject.comment.column if subject.comment is not None else 0
    before, first = lines[0][:column], lines[0][column:]
    opened = _OPENING.match(first)
    opening = before + (opened[0] if opened else "")
    body = [first[len(opening) - len(before) :], *lines[1:]]
    closed = _CLOSING.search(body[-1])
    closing = closed[0].rstrip() if closed else ""
    body[-1] = body[-1][: closed.start()] if closed else body[-1]
    middle = _middle(lines, opening, column)
    prose = [body[0].strip(), *(_OPENING.sub("", line, count=1).strip() for line in body[1:])]
    if not prose[0] and len(prose) > 1:
        opening, prose = opening.rstrip() + "\n" + middle, prose[1:]
    if len(prose) > 1 and not prose[-1]:
        last = lines[-1]
        closing, prose = "\n" + last[: len(last) - len(last.lstrip())] + closing.strip(), prose[:-1]
    return Marks(opening, middle, closing, _paragraphs(prose))


def _middle(lines: list[str], opening: str, column: int) -> str:
    if len(lines) > 1 and (found := _OPENING.match(lines[1])) and not _CLOSING.fullmatch(lines[1]):
        return found[0]
    indent, mark = " " * column, opening[column:].rstrip()
    if mark.startswith("/*"):
        return f"{indent} * "
    return indent if mark.endswith(('"""', "'''")) else re.sub(r"\S", " ", opening[:column]) + mark + " "


def _paragraphs(lines: list[str]) -> str:
    blocks = re.split(r"\n{2,}", "\n".join(lines).strip())
    return "\n".join(" ".join(block.split()) for block in blocks)


def _width(subject: Subject) -> int:
    return min(_MOST_WIDTH, max(_LEAST_WIDTH, *(len(line) for line in subject.original.split("\n"))))


def _rebuilt(marks: Marks, text: str, width: int) -> str:
    room = max(20, width - len(marks.middle))
    rows: list[str] = []
    for paragraph in filter(str.strip, text.split("\n")):
        rows += [""] if rows else []
        rows += textwrap.wrap(paragraph, room, break_long_words=False) or [""]
    later = [(marks.middle + row).rstrip() for row in rows[1:]]
    return "\n".join([marks.opening + rows[0], *later]) + marks.closing
