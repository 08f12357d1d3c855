"""What a file imports, and which names that brings into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.syntax.lines import text_of
from ai_lsp.syntax.parsing import Match

if TYPE_CHECKING:
    from tree_sitter import Node

ALL = "*"
_REQUIRE = re.compile(
    r"""(?:require|require_relative|load|require_once|include|include_once)\b\s*\(?\s*"""
    r"""(?:__DIR__\s*\.\s*|dirname\(__FILE__\)\s*\.\s*)?(["'])([^"'\n]+)\1"""
)
_PAIR = re.compile(r"([^\W\d][\w$]*)(?:\s*:\s*([^\W\d][\w$]*))?")
_VERSION = re.compile(r"v\d+")


@dataclass(frozen=True, slots=True)
class Import:
    """One import of one module."""

    module: str
    """As it is written, without quotes: ``..pkg.mod``, ``./util``, ``java.util.List``, ``<stdio.h>``, ``a::b``."""
    names: tuple[str, ...]
    """The names that the file has from it, by their local name; ``*`` for all that are in it."""
    line: int
    originals: tuple[str, ...] = ()
    """What each name is called in the module; empty for a name that stands for the module itself."""
    end_line: int = 0
    """Zero-based line at which the statement ends, inclusive."""


Binding = tuple[str, str, str]
"""A module, a local name (empty for none) and the name in the module."""


def imports_of(matches: Iterable[Match], lines: Sequence[str], grammar: str,
               original: Callable[[int], str]) -> list[Import]:  # fmt: skip
    """Return the imports of the query's matches, in the file's order; one for each statement and module.

    `original` gives the original name that a pattern of the query sets, empty for none.
    """
    found: dict[tuple[int, int, str], dict[tuple[str, str], int]] = {}
    ends: dict[tuple[int, int], int] = {}
    for pattern, captures in matches:
        if "import" in captures:
            node = captures["import"][0]
            (line, column), (end, last) = node.start_point, node.end_point
            ends[line, column] = end - (last == 0 and end > line)
            for module, name, source in _bindings(captures, lines, grammar, original(pattern)):
                names = found.setdefault((line, column, module), {})
                if name:
                    names.setdefault((name, source), _place(captures) + len(names))
    result = []
    for (line, column, module), names in sorted(found.items(), key=lambda one: one[0][:2]):
        ordered = sorted(names, key=names.__getitem__)
        local, originals = tuple(name for name, _ in ordered), tuple(source for _, source in ordered)
        result.append(Import(module, local, line, originals, ends[line, column]))
    return result


def _place(captures: dict[str, list[Node]]) -> int:
    """Return where the name stands that a match is about."""
    nodes = captures.get("import.member") or captures.get("import.name") or captures["import"]
    return nodes[0].start_byte


def _bindings(
    captures: dict[str, list[Node]], lines: Sequence[str], grammar: str, original: str
) -> Iterator[Binding]:
    def text(capture: str) -> str:
        nodes = captures.get(f"import.{capture}")
        return text_of(nodes[0], lines) if nodes else ""

    if paths := text("paths"):
        yield from _use_tree("", paths)
    elif "import.require" in captures:
        yield from _required(captures["import.require"][0], text("pattern"), lines)
    else:
        module, name = _unquoted(text("module")), text("name")
        if prefix := text("prefix"):
            module = f"{prefix}\\{module}"
        if member := text("member"):
            yield module, member, member
        elif "import.all" in captures:
            yield module, ALL, ALL
        elif name:
            yield module or f"self::{name}", name, text("original") or original
        else:
            yield module, _implied(module, grammar), ALL if grammar == "csharp" else ""


def _implied(module: str, grammar: str) -> str:
    """Return the name that an import binds without saying so."""
    if grammar == "csharp":
        return ALL
    if grammar == "rust":
        return module
    if grammar != "go":
        return ""
    parts = module.split("/")
    last = parts[-2] if len(parts) > 1 and _VERSION.fullmatch(parts[-1]) else parts[-1]
    return re.sub(r"\.v\d+$", "", last)


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in ("'", '"', "`") and len(text) > 1 else text


def _required(call: Node, pattern: str, lines: Sequence[str]) -> Iterator[Binding]:
    """Yield what ``require "a"`` brings, into the names of the `pattern` that it is assigned to, if any."""
    if call.end_byte - call.start_byte > 300:
        return
    text = text_of(call, lines)
    found = _REQUIRE.match(text)
    if found is None:
        return
    module = found[2]
    if text.startswith("require_relative") and not module.startswith("."):
        module = f"./{module}"
    if not pattern.startswith("{"):
        yield module, pattern, ""
        return
    for source, name in _PAIR.findall(pattern):
        yield module, name or source, source


def _use_tree(prefix: str, text: str) -> Iterator[Binding]:
    """Yield the leaves of the tree of paths in a Rust ``use``."""
    text = text.strip()
    brace = text.find("{")
    if brace >= 0:
        head = text[:brace].strip().removesuffix("::")
        for part in _split(text[brace + 1 :].rstrip().removesuffix("}")):
            yield from _use_tree(f"{prefix}::{head}" if prefix and head else prefix or head, part)
        return
    path, _, alias = re.sub(r"\s+", " ", text).partition(" as ")
    module, _, last = path.rpartition("::")
    module = f"{prefix}::{module}" if prefix and module else prefix or module
    if last == "self":
        name = module.rpartition("::")[2]
        yield module, alias or name, ""
    elif last:
        yield module or last, alias or last, last if module else ""


def _split(text: str) -> Iterator[str]:
    """Split at the commas that are not within braces."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if sign == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
