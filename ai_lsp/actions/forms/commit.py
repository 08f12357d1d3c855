"""A commit message for what is staged."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

from ai_lsp.actions import extract, git
from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import Change
from ai_lsp.actions.forms.form import Draft, Material, Result, Surroundings, Unusable
from ai_lsp.actions.subject import Subject
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import Part

_SUBJECT_CHARS, _WIDTH = 72, 72
_LEAST_WORDS = 2
_MOST_CHARS = 100_000
_MESSAGES = ("git-commit", "gitcommit")
_LABEL = re.compile(r"^(?:commit message|subject|title|message|commit)\s*:\s*", re.IGNORECASE)
_FILE = re.compile(r"^diff --git (?:\"?a/)(.*?)\"? (?:\"?b/)", re.MULTILINE)


def material(subject: Subject, around: Surroundings) -> Material:
    """Give what is staged. Raises Refused where nothing is."""
    if not subject.text.root:
        raise Refused("this file is in no git repository")
    return staged(Path(subject.text.root), around.may_be_read)


def committed(draft: Draft) -> Result:
    """Return the edit that puts the message into the one that is being written, else the message to be read."""
    text = message(draft.answer)
    if draft.subject.text.language in _MESSAGES:
        return Result((Change((0, 0), (0, 0), text + "\n"),))
    return Result(text=f"```gitcommit\n{text}\n```")


def staged(root: Path, may_be_read: Callable[[Path], bool]) -> Material:
    """Return what the prompt of a commit message needs of the repository at `root`. Raises Refused."""
    diff = redact(readable(git.staged_diff(root)[:_MOST_CHARS], root, may_be_read))
    if not diff.strip():
        raise Refused("only files that must not be read are staged")
    parts = tuple(Part("git", path) for path in git.staged_files(root) if may_be_read(Path(path)))
    return Material({"diff": diff, "log": redact(git.latest_subjects(root))}, parts)


def readable(diff: str, root: Path, may_be_read: Callable[[Path], bool]) -> str:
    """Return a diff without the parts about files that must not be read."""
    pieces = re.split(r"(?m)^(?=diff --git )", diff)
    named = [(piece, _FILE.match(piece)) for piece in pieces]
    return "".join(piece for piece, found in named if found is None or may_be_read(root / found[1]))


def message(answer: str) -> str:
    """Return the commit message in an answer: a subject of at most 72 characters, and a wrapped paragraph.

    Raises Unusable where there is none.
    """
    lines = [line.rstrip() for line in extract.prose(answer).split("\n")]
    while lines and (not lines[0].strip() or lines[0].lower().startswith(("here is", "here's", "sure"))):
        lines.pop(0)
    if not lines:
        raise Unusable("has no message in it")
    subject = _LABEL.sub("", lines[0].strip().strip("\"'`*").strip()).rstrip(".")
    sentence = re.split(r"(?<=[a-z)])\.\s", subject)[0]
    if len(sentence) > _SUBJECT_CHARS:
        sentence = textwrap.shorten(sentence, _SUBJECT_CHARS, placeholder="…")
    if len(sentence.split()) < _LEAST_WORDS or sentence.startswith(("diff ", "+++", "---", "@@")):
        raise Unusable("has no message in it")
    return sentence + _body(lines[1:])


def _body(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    if not text or "diff --git" in text or "```" in text:
        return ""
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    wrapped = [block if re.match(r"\s*[-*]", block) else textwrap.fill(block, _WIDTH) for block in blocks]
    return "\n\n" + "\n\n".join(wrapped)
