"""Code that takes the place of the lines that an action is about."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace

from ai_lsp.actions import extract
from ai_lsp.actions.edits import changes, insertion
from ai_lsp.actions.forms.form import Draft, Result, Unusable
from ai_lsp.actions.indentation import indented, unit_of
from ai_lsp.actions.subject import Subject
from ai_lsp.syntax.declarations import FUNCTIONS, TYPES
from ai_lsp.syntax.outline import Definition, outline

_CLASSES = frozenset(
    ["typescript", "typescriptreact", "javascript", "javascriptreact", "java", "csharp", "cpp", "kotlin", "scala"]
)
"""Languages whose methods are none outside of a class."""
_ONCE = frozenset({"python", "go", "rust", "javascript"})
"""Languages in which a file defines a name once."""
_ATTRIBUTE = re.compile(r"\s*(?:@\w|#!?\[)")


def replacement(draft: Draft) -> Result:
    """Return the edits that make the lines the answer's; what is beside the definition asked for is left out."""
    subject = draft.subject
    code = only_definition(subject, _code(draft))
    text = written(subject, code, subject.indent)
    made = changes(subject.text.lines, subject.first, subject.last, text)
    if not made or textwrap.dedent(text).strip() == subject.code.strip():
        raise Unusable("is the code as it was")
    _defines_nothing_again(subject, code)
    return Result(tuple(made))


def inserted(draft: Draft) -> Result:
    """Return the one edit that puts the answer's code after the lines."""
    subject = draft.subject
    text = written(subject, _code(draft), subject.indent)
    return Result((insertion(subject.text.lines, subject.last + 1, text),))


def _code(draft: Draft) -> str:
    code = extract.code(draft.answer, draft.subject.text.language)
    if not code.strip():
        raise Unusable("has no code in it")
    return code


def written(subject: Subject, code: str, indent: str) -> str:
    """Return code with the document's indentation, and blank lines before and after as the lines had them."""
    text = indented(code, indent, unit_of(subject.text.lines))
    if subject.last == len(subject.text.lines) - 1 and subject.original.endswith("\n"):
        text += "\n"
    return text


def only_definition(subject: Subject, code: str) -> str:
    """Return of `code` the definition that the lines are; all of it where they are something else.

    Raises Unusable where the definition is not there any more.
    """
    before = declared(subject.code, subject)
    if not before:
        return code
    after = declared(code, subject)
    kept = {(one.parent, one.name) for one in after}
    names = {one.name for one in after}
    missing = [one.name for one in before if not one.parent and one.name not in names]
    if subject.scope != "instruction":  # which may say that something goes
        missing += [one.name for one in _members(before) if (one.parent, one.name) not in kept]
    if missing:
        raise Unusable(f"no longer defines `{missing[0]}`")
    definition = subject.definition
    if definition is None or (subject.first, subject.last) != (definition.first, definition.last):
        return code
    found = next((one for one in after if one.name == definition.name), None)
    return code if found is None else lines_of(found, code)


def _members(found: list[Definition]) -> list[Definition]:
    """Return the functions that are within types."""
    types = {f"{one.parent}.{one.name}".lstrip(".") for one in found if one.kind in TYPES}
    return [one for one in found if one.kind in FUNCTIONS and one.parent in types]


def _defines_nothing_again(subject: Subject, code: str) -> None:
    """Raise Unusable where code defines what the document has elsewhere, as models do that repeat it."""
    language = subject.text.language
    if language not in _ONCE or subject.indent:
        return
    own = {one.name for one in declared(subject.code, subject)}
    made = {one.name for one in declared(code, subject) if not one.parent} - own
    elsewhere = outline("".join(subject.text.lines), language) if made else []
    for one in elsewhere:
        outside = not subject.first <= one.line <= subject.last
        if outside and not one.parent and one.name in made and one.kind in FUNCTIONS | TYPES:
            raise Unusable(f"defines `{one.name}`, which is there already")


def declared(code: str, subject: Subject) -> list[Definition]:
    """Return the definitions in `code`, those also that are only some within a class."""
    language, member = subject.text.language, bool(subject.definition and subject.definition.parent)
    found = outline(code, language)
    if found or not member or language not in _CLASSES:
        return found
    inner = outline(f"class A {{\n{code}\n}}", language)
    return [
        replace(one, line=one.line - 1, end_line=one.end_line - 1, parent="") for one in inner if one.parent == "A"
    ]


def lines_of(definition: Definition, code: str) -> str:
    """Return the lines of a definition in `code`, with its decorators."""
    lines = code.split("\n")
    first = definition.line
    while first and _ATTRIBUTE.match(lines[first - 1]):
        first -= 1
    return "\n".join(lines[first : definition.end_line + 1])
