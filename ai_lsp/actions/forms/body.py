"""The body of a definition that has only its head, and perhaps a docstring."""

from __future__ import annotations

import re
import textwrap

from ai_lsp.actions import extract
from ai_lsp.actions.around import Definition, definition_around, is_stub
from ai_lsp.actions.edits import changes
from ai_lsp.actions.forms.form import Draft, Result, Unusable
from ai_lsp.actions.indentation import indented, unit_of
from ai_lsp.actions.subject import Subject
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.lines import between
from ai_lsp.syntax.outline import outline
from ai_lsp.syntax.parsing import parse

_DOCSTRING = re.compile(r'\s*[rRuU]?("""|\'\'\').*?\1[ \t]*(?:\n|\Z)', re.DOTALL)


def completed(draft: Draft) -> Result:
    """Return the edits that put the answer's body in the place of the old one; head and docstring stay."""
    subject, definition = draft.subject, draft.subject.definition
    if definition is None or definition.body is None:
        raise Unusable("is for a definition that is not there")
    code = extract.code(draft.answer, subject.text.language)
    _defines_nothing_else(code, definition, subject.text.language)
    inner = _inner(body_in(code, definition, subject.text.language))
    if not inner.strip() or is_stub(inner):
        raise Unusable("has no body in it")
    made = changes(subject.text.lines, definition.head, definition.last, _with_body(subject, definition, inner))
    return Result(tuple(made))


def _defines_nothing_else(code: str, definition: Definition, language: str) -> None:
    """Raise Unusable where code is nothing but other definitions."""
    found = outline(code, language)
    rows = {row for one in found for row in range(one.line, one.end_line + 1)}
    beside = [line for row, line in enumerate(code.split("\n")) if line.strip() and row not in rows]
    if found and not beside and definition.name not in {one.name for one in found}:
        raise Unusable(f"defines `{found[0].name}` and not `{definition.name}`")


def body_in(code: str, definition: Definition, language: str) -> str:
    """Return the body that `code` gives a definition; all of `code` where it has no such definition."""
    tree = parse(code.splitlines(keepends=True), grammar_of(language))
    if tree is None:
        return code
    lines = code.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if definition.name in line:
            found = definition_around(tree.root_node, grammar_of(language), lines, number, number)
            if found is not None and found.name == definition.name and found.body is not None:
                row, _ = found.body
                start = (row, 0) if _begins_line(lines[row], found.body[1]) else found.body
                return between(lines, start, found.end)
    return _after_head(code, definition.name)


def _after_head(code: str, name: str) -> str:
    """Return what follows a head that does not parse alone, as a method's without its class; else all of it."""
    first, _, rest = code.lstrip("\n").partition("\n")
    if not re.search(rf"\b{re.escape(name)}\b\s*[(<]", first):
        return code
    if first.rstrip().endswith("{"):
        return "{\n" + rest
    return rest if first.rstrip().endswith(":") else code


def _begins_line(line: str, column: int) -> bool:
    return not line.encode()[:column].strip()


def _inner(body: str) -> str:
    """Return the statements of a body: no braces, no docstring, not indented."""
    text = body.strip()
    if text.startswith("{"):
        text = text[1:].rstrip()
        return textwrap.dedent((text[:-1] if text.endswith("}") else text).strip("\n").rstrip())
    found = _DOCSTRING.match(body)
    return textwrap.dedent(body[found.end() :] if found else body).strip("\n")


def _with_body(subject: Subject, definition: Definition, inner: str) -> str:
    """Return the definition's lines with another body."""
    lines, body = subject.text.lines, definition.body
    assert body is not None
    unit = unit_of(lines)
    head_line = lines[definition.head]
    indent = head_line[: len(head_line) - len(head_line.lstrip(" \t"))]
    head = between(lines, (definition.head, 0), body)
    old = between(lines, body, definition.end)
    tail = between(lines, definition.end, (definition.last, len(lines[definition.last].encode())))
    new = indented(inner, indent + unit, unit)
    if old.startswith("{"):
        return _plain(f"{head}{{\n{new}\n{indent}}}{tail}")
    docstring = _DOCSTRING.match(old)
    if docstring is not None:
        return _plain(head + docstring[0].rstrip() + "\n" + new)
    return _plain(head.rstrip() + "\n" + new)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
