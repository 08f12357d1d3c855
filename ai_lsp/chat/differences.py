"""What an action would change, as a unified diff for people to read; and changes written to files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from ai_lsp.actions.edits import Change, applied
from ai_lsp.actions.forms.form import Result
from ai_lsp.actions.subject import Subject
from ai_lsp.documents import Document


def new_texts(subject: Subject, result: Result) -> Iterator[tuple[Path, str, str]]:
    """Return path, old and new text of each file that a result changes or makes."""
    if result.changes:
        lines = subject.text.lines
        yield Path(subject.text.file), "".join(lines), _text(lines, result.changes, subject.text.eol)
    for path, made in result.other:
        document = Document(Path(path).as_uri())
        yield Path(path), document.source, _text(document.lines, made, document.eol)
    for file in result.files:
        yield Path(file.path), "", file.text


def diff(subject: Subject, result: Result) -> str:
    """Return all changes as one unified diff."""
    pieces: list[str] = []
    for path, old, new in new_texts(subject, result):
        name = path.as_posix()
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
        rows = unified_diff(before, after, name if old else "/dev/null", name)
        pieces += [row if row.endswith("\n") else f"{row}\n" for row in rows]
    return "".join(pieces)


def write(subject: Subject, result: Result) -> list[Path]:
    """Write all changes; return the files. Raises OSError."""
    written: list[Path] = []
    for path, _old, new in new_texts(subject, result):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(new.encode("utf-8"))
        written.append(path)
    return written


def _text(lines: Sequence[str], made: Sequence[Change], eol: str) -> str:
    return "".join(applied(lines, made, eol))
