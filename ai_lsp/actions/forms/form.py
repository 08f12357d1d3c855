"""What becomes of a model's answer: the protocol of what turns it into edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_lsp.actions.action import Action
from ai_lsp.actions.edits import Change, NewFile
from ai_lsp.actions.subject import Subject
from ai_lsp.providers.chat import Part


class Unusable(Exception):
    """An answer cannot be used; the message says why in words that follow "the answer"."""


@dataclass(frozen=True)
class Material:
    """What a prompt has besides the subject itself."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Variables of templates; see `reading.VARIABLES`."""
    parts: tuple[Part, ...] = ()
    """Where they come from."""
    extras: tuple[str, ...] = ()
    """Variables that can be left out, with all parts but the code at hand, where permissions keep them back."""
    plan: Any = None
    """What the form itself needs again when the answer has come."""


@dataclass(frozen=True)
class Result:
    """What is to be done: edits of the subject's document, new files, or a text to be shown."""

    changes: tuple[Change, ...] = ()
    files: tuple[NewFile, ...] = ()
    text: str = ""
    """Markdown."""
    other: tuple[tuple[str, tuple[Change, ...]], ...] = ()
    """Paths of other files, and the edits of each."""


@dataclass(frozen=True)
class Surroundings:
    """How a form may look at the rest of the workspace."""

    may_be_read: Callable[[Path], bool] = lambda _path: True
    lines_of: Callable[[Path], Sequence[str] | None] = lambda _path: None
    """The lines of an open document, else of a file; None where there is neither."""
    target: str = "English"
    """The language into which comments are translated."""


@dataclass(frozen=True)
class Draft:
    """A model's answer, and what it is an answer to."""

    action: Action
    subject: Subject
    material: Material
    answer: str


def no_material(_subject: Subject, _around: Surroundings) -> Material:
    """Return nothing: the subject is all that the prompt needs."""
    return Material()


@dataclass(frozen=True)
class Form:
    """One kind of answer. Both functions run in a thread, and may read files."""

    result: Callable[[Draft], Result]
    """Returns what is to be done. Raises Unusable."""
    material: Callable[[Subject, Surroundings], Material] = no_material
    """Returns what the prompt needs. Raises Refused where the action cannot be done here."""
