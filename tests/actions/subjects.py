"""Subjects of actions made from a text, as the server makes them from a document."""

from __future__ import annotations

from ai_lsp.actions.action import Action
from ai_lsp.actions.around import Around, look
from ai_lsp.actions.catalogue import shipped
from ai_lsp.actions.edits import applied
from ai_lsp.actions.forms.form import Draft, Result, Surroundings
from ai_lsp.actions.forms.table import FORMS
from ai_lsp.actions.offer import Sight, choices
from ai_lsp.actions.subject import Subject, Text, Told
from ai_lsp.positions import split_lines
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.parsing import parse


def sight(
    text: str, line: int, last: int | None = None, *, language: str = "python", told: tuple[Told, ...] = ()
) -> Sight:
    """What is known at lines `line` to `last`, which are selected where `last` is given."""
    lines = split_lines(text)
    tree = parse(lines, grammar_of(language))
    end = line if last is None else last
    around = look(tree.root_node, grammar_of(language), lines, line, end) if tree else Around()
    return Sight(lines, language, line, end, last is not None, around, told, in_repository=True)


def subject(
    name: str, seen: Sight, *, file: str = "", root: str = "", path: str = "a.py", eol: str = "\n"
) -> Subject:
    """What the shipped action of that name is about there."""
    choice = choices(shipped().actions[name], seen)[0]
    text = Text("file:///a.py", path, file, root, seen.language, 1, seen.lines, eol)
    around = seen.around
    return Subject(
        text,
        choice.scope,
        choice.first,
        choice.last,
        around.definition,
        around.comment,
        choice.instruction,
        choice.diagnostics,
    )


def action(name: str) -> Action:
    return shipped().actions[name]


def result(name: str, about: Subject, answer: str, around: Surroundings | None = None) -> Result:
    """What an answer comes to, before the checks."""
    form = FORMS[action(name).answer]
    material = form.material(about, around or Surroundings())
    return form.result(Draft(action(name), about, material, answer))


def after(name: str, about: Subject, answer: str) -> str:
    """The document after the action."""
    return "".join(applied(about.text.lines, result(name, about, answer).changes, about.text.eol))
