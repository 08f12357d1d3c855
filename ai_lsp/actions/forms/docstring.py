"""The documentation of a definition: the model says what it does, the code here puts that into its form."""

from __future__ import annotations

from ai_lsp.actions.action import Refused
from ai_lsp.actions.around import Definition
from ai_lsp.actions.edits import insertion
from ai_lsp.actions.forms import prose
from ai_lsp.actions.forms.conventions import Convention, convention_of, written
from ai_lsp.actions.forms.form import Draft, Material, Result, Surroundings, Unusable
from ai_lsp.actions.subject import Subject

_MOST_PARAMETERS = 12


def material(subject: Subject, _around: Surroundings) -> Material:
    """Give the parameters of which something is wanted."""
    definition = _definition(subject)
    convention = convention_of(subject.text.language, _source(subject))
    names = prose.parameters_of(definition.signature, subject.text.language) if definition.is_function else []
    wanted = names[:_MOST_PARAMETERS] if convention.layout != "plain" else []
    if convention.inside and _place(subject, definition) is None:
        raise Refused(f"the body of `{definition.name}` is on the line of its head")
    return Material({"parameters": wanted}, plan=(convention, wanted))


def documented(draft: Draft) -> Result:
    """Return the one edit that puts a docstring into the body, or a comment above the head."""
    convention: Convention
    convention, wanted = draft.material.plan
    subject, definition = draft.subject, _definition(draft.subject)
    said = prose.read(draft.answer, wanted)
    line = _place(subject, definition) if convention.inside else definition.first
    if line is None:
        raise Unusable("has no place to go to")
    text, language = subject.text.lines[line], subject.text.language
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    rows = written(said, convention, name=definition.name, language=language, indent=indent)
    return Result((insertion(subject.text.lines, line, "\n".join(rows)),))


def _definition(subject: Subject) -> Definition:
    if subject.definition is None:
        raise Refused("there is no definition here")
    return subject.definition


def _place(subject: Subject, definition: Definition) -> int | None:
    """Return the line before which a docstring goes; None where the body has no line of its own."""
    if definition.body is None:
        return None
    line, column = definition.body
    return None if subject.text.lines[line].encode()[:column].strip() else line


def _source(subject: Subject) -> str:
    return "".join(subject.text.lines).replace("\r\n", "\n")
