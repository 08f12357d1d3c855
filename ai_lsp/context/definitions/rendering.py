"""Definitions as code of their language: heads and the first lines of docs, members within their class."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai_lsp.syntax.outline import Definition

_LONGEST = 110
"""Characters of a line above which a head is broken."""
_MOST_HEAD_LINES = 8
_LONGEST_DOC = 100
_SENTENCE = re.compile(r".{10,99}?[.!?](?=\s)")
_NO_BODY = frozenset({"variable", "constant", "field", "property", "attribute", "import", "type", "macro"})
_INDENT = {"python": "    ", "go": "\t", "ruby": "  "}
_JAVADOC = ("java", "php", "typescript", "typescriptreact", "javascript", "javascriptreact", "c", "cpp")
_OWN = re.compile(r"^(?:self|this)\.")
"""How a field begins that is told from a method's assignment."""
_OPENS, _CLOSES = ("{", "}")


def render(definition: Definition, language: str, members: Sequence[Definition] = ()) -> list[str]:
    """Return the lines of a definition, those of `members` indented within it."""
    if language == "python":
        return _python(definition, members)
    if language == "ruby":
        return _ruby(definition, members)
    return _braces(definition, language, members)


def _python(definition: Definition, members: Sequence[Definition]) -> list[str]:
    if definition.kind == "property" and re.match(r"\s*(?:async\s+)?def\b", definition.signature):
        return ["@property", *_python(replace(definition, kind="method"), members)]
    head = _head(definition)
    doc = _doc(definition)
    inner = [line for member in members for line in _python(member, ())]
    if doc and not _is_plain(definition, head):
        quotes = '"""' if '"""' not in doc else "'''"
        raw = "r" if "\\" in doc else ""
        inner.insert(0, f"{raw}{quotes}{doc}{quotes}")
    if _is_plain(definition, head) and not inner:
        return head
    head[-1] = head[-1].rstrip().removesuffix(":") + ":"
    if not inner:
        head[-1] += " ..."
    return head + _indented(inner, "python")


def _ruby(definition: Definition, members: Sequence[Definition]) -> list[str]:
    inner = [line for member in members for line in _ruby(member, ())]
    doc = _doc(definition)
    head = ([f"# {doc}"] if doc else []) + _head(definition)
    ends = ["end"] if re.match(r"(?:class|module|def)\b", head[-1]) else []
    return head + _indented(inner, "ruby") + ends


def _braces(definition: Definition, language: str, members: Sequence[Definition]) -> list[str]:
    doc = _doc(definition)
    comment = f"/** {doc} */" if language in _JAVADOC else f"/// {doc}" if language != "go" else f"// {doc}"
    lines = [comment] if doc else []
    head = _head(definition)
    if members:
        inner = [line for member in members for line in _braces(member, language, ())]
        head[-1] = f"{head[-1]} {_OPENS}"
        return [*lines, *head, *_indented(inner, language), _CLOSES]
    if not head[-1].endswith((";", "}", ",")) and language != "go":
        head[-1] += ";"
    return lines + head


def _head(definition: Definition) -> list[str]:
    """Return the lines of the signature, as one where that is short enough, without what opens the body."""
    text = textwrap.dedent(definition.signature.replace("\r\n", "\n")).strip()
    text = re.sub(r"\s*(?:\{|=>)\s*$", "", text) or definition.name
    text = _OWN.sub("", text).rstrip("<(")
    joined = re.sub(r"\s*\n\s*", " ", text)
    joined = re.sub(r"(?<=[(\[{]) | (?=[)\]}])|,(?= ?[)\]])", "", joined) if "\n" in text else joined
    if joined.count("(") > joined.count(")"):  # a very long head that was cut
        joined = joined.rstrip(" ,:") + ", ...)"
    return textwrap.wrap(joined, _LONGEST, subsequent_indent="    ")[:_MOST_HEAD_LINES] or [joined]


def _doc(definition: Definition) -> str:
    """Return the first sentence of the documentation, or the start of it."""
    first = next((line.strip() for line in definition.doc.splitlines() if line.strip()), "")
    first = re.sub(r"^(?:/\*+|//[/!]?|#+|\*)\s*|\s*\*+/$", "", first).replace("*/", "")
    if sentence := _SENTENCE.match(first):
        return sentence[0]
    return first if len(first) <= _LONGEST_DOC else textwrap.shorten(first, _LONGEST_DOC, placeholder=" ...")


def _is_plain(definition: Definition, head: Sequence[str]) -> bool:
    """Whether a Python definition has no body: a variable or a field."""
    return re.search(r"(?:^|\s)(?:def|class)\s", "\n".join(head)) is None or definition.kind in _NO_BODY


def _indented(lines: Sequence[str], language: str) -> list[str]:
    indent = _INDENT.get(language, "  ")
    return [indent + line if line else line for line in lines]
