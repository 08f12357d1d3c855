"""What edits must pass before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ai_lsp.actions.edits import Change, applied
from ai_lsp.actions.forms.form import Result, Unusable
from ai_lsp.actions.subject import Subject
from ai_lsp.completion.place import Place
from ai_lsp.licences.match import Match
from ai_lsp.positions import split_lines
from ai_lsp.privacy.secrets import PLACEHOLDER, spans
from ai_lsp.syntax.faults import faults_of
from ai_lsp.syntax.languages import grammar_of, language_of
from ai_lsp.syntax.parsing import parse

Copied = Callable[[str, Place], "Match | None"]
"""Returns the passage that a text copies at a place, None where it copies nothing that may not be copied."""
Lines = Callable[[Path], "Sequence[str] | None"]
"""Returns the lines of another file as they are now; None for one that is not there."""

_CONTEXT_CHARS = 2_000


def check(subject: Subject, result: Result, lines_of: Lines, *, anywhere: bool = False) -> None:
    """Raise Unusable unless edits touch only what was asked, parse no worse, and have no secrets in them.

    It takes a thread: texts are parsed whole. `anywhere` allows edits outside of the subject's lines.
    """
    if not anywhere:
        _touches_only(subject, result.changes)
    language = subject.text.language
    if result.changes:
        _parses_no_worse(subject.text.lines, result.changes, language)
    for path, made in result.other:
        _parses_no_worse(lines_of(Path(path)) or [""], made, language_of(Path(path)))
    for file in result.files:
        _parses_no_worse([""], [Change((0, 0), (0, 0), file.text)], language_of(Path(file.path)))
    for _path, text in texts(subject, result):
        _has_no_secret(text, subject.original)


def copies(subject: Subject, result: Result, copied: Copied) -> Match | None:
    """Return what the new text copies that may not be copied; what the subject has already is no copy of ours."""
    for path, text in texts(subject, result):
        match = copied(text, _place(subject, path))
        if match is not None and copied(subject.original, _place(subject, path)) is None:
            return match
    return None


def texts(subject: Subject, result: Result) -> list[tuple[str, str]]:
    """Return all texts that a result brings into files, whole lines where they are edited in part."""
    lines, found = subject.text.lines, list[tuple[str, str]]()
    for one in result.changes:
        before, after = lines[one.start[0]][: one.start[1]], lines[one.end[0]][one.end[1] :]
        found.append((subject.text.uri, before + one.text + after))
    found += [(path, one.text) for path, made in result.other for one in made]
    return found + [(file.path, file.text) for file in result.files]


def restored(answer: str, original: str) -> str:
    """Return an answer with the stand-ins for secrets replaced by the secrets that the original has, in its order.

    Raises Unusable where their number differs: nobody knows which is which then.
    """
    if PLACEHOLDER not in answer:
        return answer
    values = [original[start:end] for start, end in spans(original)]
    if answer.count(PLACEHOLDER) != len(values):
        raise Unusable("has stand-ins for secrets in it that cannot be told apart")
    pieces = answer.split(PLACEHOLDER)
    return "".join(piece + value for piece, value in zip(pieces, [*values, ""], strict=True))


def _touches_only(subject: Subject, made: Iterable[Change]) -> None:
    for one in made:
        below = one.start == one.end and one.start[0] == subject.last + 1
        if not (subject.first <= one.start[0] and one.end <= (subject.last + 1, 0)) and not below:
            raise Unusable("changes more than was asked for")


def _parses_no_worse(lines: Sequence[str], made: Sequence[Change], language: str) -> None:
    grammar = grammar_of(language)
    after = parse(split_lines("".join(applied(lines, made))), grammar)
    if after is None:
        return
    before = parse(lines, grammar) if any(line.strip() for line in lines) else None
    allowed = faults_of(before) if before is not None else 0
    if faults_of(after) > allowed:
        raise Unusable(f"is no {language} that can be parsed there")


def _has_no_secret(text: str, original: str) -> None:
    if PLACEHOLDER in text and PLACEHOLDER not in original:
        raise Unusable("has the stand-in for a secret in it")
    if any(text[start:end] not in original for start, end in spans(text)):
        raise Unusable("has what looks like a password, a key or a token in it")


def _place(subject: Subject, path: str) -> Place:
    lines, text = subject.text.lines, subject.text
    before = (
        "".join(lines[max(0, subject.first - 60) : subject.first])[-_CONTEXT_CHARS:] if path == text.uri else ""
    )
    return Place(text.uri, text.path, text.language, text.version, before, "", subject.first)
