"""The head of a declaration as few lines, and what its comment or docstring says first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_lsp.syntax.declarations import Declaration
from ai_lsp.syntax.lines import between, cut

_ONE_LINE = 120
"""Characters up to which a head that was broken into lines is put into one."""
_MOST_LINES = 10
_LONGEST = 240
_DOC_CHARS = 400
_DOC_LINES = 60
_TRAILING_COMMENT = re.compile(r"""^((?:[^"'`]|"[^"]*"|'[^']*'|`[^`]*`)*?)\s(?:#|//)(?:\s.*)?$""")
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_DOCSTRING = re.compile(r"""\s*[rRuU]?(\"{3}|'{3}|"|')(.*?)(?:\1|\Z)""", re.DOTALL)
_HASH = frozenset({"python", "ruby", "php", "bash", "perl", "r", "julia", "elixir", "yaml", "toml", "make", "nix"})
_DASHES = frozenset({"lua", "sql", "haskell", "elm", "ada", "vhdl"})
_ATTRIBUTE = re.compile(r"@|#\[|\[|template\s*<")
_ATTRIBUTE_END = frozenset({")", "})", "])"})
_MARKS = re.compile(r"^\s*(?:/\*\*?|\*/|\*|//[/!]?|#+:?|--+)?\s?|\s*\*/\s*$")
_TAG = re.compile(r"</?(?:summary|para|p|remarks)\s*/?>", re.IGNORECASE)
_DIRECTIVE = re.compile(r"\s*(?://go:|// eslint|// @ts-|#\s*(?:noqa|type:|pylint|pragma|include|define|if|endif))")


def signature_of(declaration: Declaration, lines: Sequence[str]) -> str:
    """Return a declaration's own text up to its body, in one line where that is not too long."""
    if declaration.body is not None:
        head = _head(between(lines, declaration.start, declaration.body))
        # typedef struct { ... } name;
        return f"{head} {{...}} {declaration.name}" if head.startswith("typedef") else head
    text = between(lines, declaration.start, _bounded(declaration))
    if declaration.kind in ("type", "function", "method", "constructor", "record"):
        return _head(_first_statement(text) if declaration.kind != "type" else text)
    return _value(text)


def _bounded(declaration: Declaration) -> tuple[int, int]:
    last = declaration.start[0] + _MOST_LINES
    return declaration.end if declaration.end[0] < last else (last, 0)


def _head(text: str) -> str:
    parts = [_uncommented(line) for line in text.splitlines()]
    parts = [part for part in parts if part.strip()][:_MOST_LINES]
    if not parts:
        return ""
    if len(parts) > 1 and sum(map(len, parts)) <= 2 * _ONE_LINE:
        joined = _joined(parts)
        if len(joined) <= _ONE_LINE:
            parts = [joined]
    return _cut_off("\n".join(_dedented(parts)).rstrip(" {;,\n\t").removesuffix("; end"))


def _joined(parts: list[str]) -> str:
    text = " ".join(part.strip() for part in parts)
    return re.sub(r",? ([)\]])", r"\1", re.sub(r"([(\[]) ", r"\1", text))


def _dedented(parts: list[str]) -> list[str]:
    """Take from the lines after the first the white space that the last one has, which closes the head."""
    if len(parts) < 2:
        return [part.strip() for part in parts]
    margin = min(len(part) - len(part.lstrip()) for part in parts[1:])
    return [parts[0].strip(), *(part[margin:] for part in parts[1:])]


def _value(text: str) -> str:
    """Return the first line of a variable's declaration; a value that goes on is folded."""
    first, _, rest = text.partition("\n")
    first = first.rstrip().rstrip(";,").removesuffix("; end")
    if rest.strip() and first[-1:] in _CLOSERS:
        first += "..." + _CLOSERS[first[-1]]
    return _cut_off(first)


def _first_statement(text: str) -> str:
    """Return the lines up to the one that closes the brackets of the first."""
    found: list[str] = []
    depth = 0
    for line in text.splitlines():
        found.append(line)
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        if depth <= 0:
            break
    return "\n".join(found)


def _cut_off(text: str) -> str:
    return text if len(text) <= 4 * _LONGEST else text[: 4 * _LONGEST].rstrip() + "..."


def _uncommented(line: str) -> str:
    line = line[: 2 * _LONGEST].rstrip()
    if "#" in line or "//" in line:
        found = _TRAILING_COMMENT.match(line)
        return found[1].rstrip() if found else line
    return line


def doc_of(declaration: Declaration, lines: Sequence[str], grammar: str) -> str:
    """Return the first paragraph of a docstring (Python) or of the comment right above, in one line."""
    if grammar == "python":
        place = declaration.body or (declaration.end[0] + 1, 0)
        if found := _docstring(lines, place):
            return found
    return _paragraph(_comment_above(declaration.first_line, lines, grammar))


def _docstring(lines: Sequence[str], place: tuple[int, int]) -> str:
    first, column = place
    start = cut(lines[first], column) if first < len(lines) else ""
    if not start.lstrip().lstrip("rRuU").startswith(('"', "'")):
        return ""
    found = _DOCSTRING.match(start + "".join(lines[first + 1 : first + _DOC_LINES]))
    return _paragraph(found[2].splitlines()) if found else ""


def _comment_above(line: int, lines: Sequence[str], grammar: str) -> list[str]:
    """Return the comment right above `line`, or above the attributes there, its marks taken away."""
    found: list[str] = []
    sign = "#" if grammar in _HASH else "--" if grammar in _DASHES else "//"
    block = attribute = False
    for number in range(line - 1, max(-1, line - 1 - _DOC_LINES), -1):
        text = lines[number].strip()
        if not found and (attribute or text in _ATTRIBUTE_END):
            attribute = not _ATTRIBUTE.match(text)
            continue
        block = block or (not found and text.endswith("*/"))
        if (block or text.startswith(sign)) and not _DIRECTIVE.match(text):
            found.append(_TAG.sub("", _MARKS.sub("", text)).strip())
        elif found or not _ATTRIBUTE.match(text):
            break
        if block and "/*" in text:
            return found[::-1] if text.startswith("/*") else []
    return [] if block else found[::-1]


def _paragraph(lines: Sequence[str]) -> str:
    found: list[str] = []
    for line in lines:
        bare = line.strip()
        if found and (not bare or bare.startswith(("@", ":param", "<"))):
            break
        if bare and not bare.startswith("@"):
            found.append(bare)
    text = " ".join(found)
    return text if len(text) <= _DOC_CHARS else text[:_DOC_CHARS].rsplit(" ", 1)[0] + " ..."
