"""The definitions and imports of a file: what others can use of it, and what it uses."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.syntax.declarations import Declaration, declarations
from ai_lsp.syntax.imports import Import, imports_of
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.parsing import matches, parse
from ai_lsp.syntax.query import query_for
from ai_lsp.syntax.signatures import doc_of, signature_of

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Definition", "Import", "imports", "outline", "outline_and_imports", "outline_of"]

_CPP = re.compile(r"^\s*(?:class|namespace|template|using|constexpr|public:|private:)\b", re.MULTILINE)
_PROPERTY = re.compile(r"\s*@(?:\w+\.)*(?:cached_|abstract)?property\b")
_LONGEST_LINE = 20_000
"""A file with a longer line is minified or data: nobody reads its names."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition in a file."""

    name: str
    kind: str
    """class, struct, interface, trait, enum, record, union, type, function, method, constructor, macro, constant,
    variable, field, property, module or namespace; or what a user's query calls it."""
    line: int
    """Zero-based line at which its own text begins, after decorators and annotations."""
    end_line: int
    """Zero-based, inclusive."""
    signature: str
    """Its own text up to its body, in one line where that is not too long."""
    doc: str
    """The first paragraph of its docstring or comment, in one line; empty for none."""
    parent: str
    """The names of what encloses it, with dots; empty at the top."""


def outline(text: str, language: str) -> list[Definition]:
    """Return the definitions in `text`; [] for an LSP language id without queries. Never raises."""
    return outline_and_imports(text, language)[0]


def imports(text: str, language: str) -> list[Import]:
    """Return the imports in `text`; [] for an LSP language id without queries. Never raises."""
    return outline_and_imports(text, language)[1]


def outline_and_imports(text: str, language: str) -> tuple[list[Definition], list[Import]]:
    """Return definitions and imports at the cost of one parse. Never raises, whatever the text."""
    name = grammar_of(language)
    if name == "c" and _CPP.search(text):
        name = "cpp"  # a header
    if query_for(name) is None:
        return [], []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()  # without lone surrogates
    lines = text.splitlines(keepends=True) if text.isascii() else io.StringIO(text).readlines()
    if max(map(len, lines), default=0) > _LONGEST_LINE:
        return [], []
    tree = parse(lines, name)
    return ([], []) if tree is None else outline_of(tree.root_node, lines, name)


def outline_of(root: Node, lines: Sequence[str], grammar: str) -> tuple[list[Definition], list[Import]]:
    """Return definitions and imports of a tree over `lines`, which keep their ends."""
    found = matches(root, grammar)
    bound = imports_of(found, lines, grammar, original_of(grammar))
    declared = declarations(found, lines)
    return [definition_of(one, lines, grammar) for one in declared if one.kind != "impl"], bound


def original_of(grammar: str) -> Callable[[int], str]:
    """Return what gives, for a pattern of the query, what it says that the imported names are called at home."""
    query = query_for(grammar)
    return lambda pattern: (query.pattern_settings(pattern).get("import.original") or "") if query else ""


def definition_of(one: Declaration, lines: Sequence[str], grammar: str) -> Definition:
    """Return the definition that a declaration over `lines` is."""
    line, (end, column) = one.start[0], one.end
    last = end - 1 if column == 0 and end > line else end
    signature = signature_of(one, lines) or one.name  # of a damaged text there may be no head
    doc = doc_of(one, lines, grammar)
    kind = "property" if grammar == "python" and one.kind == "method" and _is_property(line, lines) else one.kind
    return Definition(one.name, kind, line, last, signature, doc, one.parent)


def _is_property(line: int, lines: Sequence[str]) -> bool:
    """Whether decorators above a method of Python make it an attribute."""
    above = line - 1
    while above >= 0 and lines[above].lstrip().startswith("@"):
        if _PROPERTY.match(lines[above]):
            return True
        above -= 1
    return False
