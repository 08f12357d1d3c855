"""One action: what its prompt file says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["selection", "definition", "stub", "diagnostic", "comment", "instruction", "file", "repository"]
"""Where an action is offered: on selected lines; in a definition; in one whose body is still to be written; on a
diagnostic; in a comment; near a comment ``ai: ...``; anywhere in a file; in a git repository."""
Answer = Literal["replacement", "docstring", "body", "comment", "test", "insertion", "file", "message", "commit"]
"""What becomes of the model's answer: code in the place of what the scope chose; the prose of a docstring; the
body of a definition; the prose of a comment; a test; lines after those chosen; a new file; a message; a commit
message."""
Role = Literal["edit", "chat"]
KINDS = ("quickfix", "refactor", "refactor.rewrite", "source")
SCOPES: tuple[Scope, ...] = get_args(Scope)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Section:
    """The template of one message of the conversation."""

    role: Literal["system", "user", "assistant"]
    template: str
    line: int
    """One-based line of the prompt file in which the template begins."""


@dataclass(frozen=True)
class Action:
    """What a prompt file says, checked."""

    name: str
    """The file's name without its suffix."""
    title: str
    kind: str
    """A code action kind of LSP."""
    scopes: tuple[Scope, ...]
    """The first of them that is there is what it is about."""
    answer: Answer
    role: Role
    languages: frozenset[str]
    """Language ids in which it is offered; empty for all."""
    tokens: int
    """How long the answer may be."""
    preferred: bool
    """Whether it is the one to take where it is offered."""
    file: str
    """Where a new file goes, as a template; empty for other answers."""
    sections: tuple[Section, ...]
    source: str
    """The prompt file, as a person would name it."""

    def speaks(self, language: str) -> bool:
        """Whether it is for that language."""
        return not self.languages or language in self.languages


class Refused(Exception):
    """An action cannot be done here; the message is one line for the user that says why."""


class BadPrompt(Exception):
    """A prompt file cannot be used; the message is one line, with file and line in it."""
