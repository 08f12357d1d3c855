"""Names that a suggestion writes: what it would import, by the syntax tree of the text around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision, Offence
from ai_lsp.filters.lines import SUFFIX_WINDOW, before_window
from ai_lsp.syntax.faults import parsed
from ai_lsp.syntax.imports import imports_of
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.outline import original_of
from ai_lsp.syntax.parsing import matches

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Written:
    """A name that a suggestion writes, in whole or its end."""

    name: str
    at: int
    """Where its name begins in the suggestion; 0 when it begins before."""


def imports_in(text: str, place: Place) -> Iterator[Written]:
    """Yield the modules whose names `text` writes, in its order; none for a language without queries."""
    before, after = before_window(place), place.suffix[:SUFFIX_WINDOW]
    # Without lone surrogates, which an editor may well send.
    whole = (before + text + after).encode("utf-8", "replace").decode()
    tree = parsed(whole, place.language)
    if tree is None:
        return
    grammar, lines = grammar_of(place.language), [line + "\n" for line in whole.split("\n")]
    first, last = before.count("\n"), before.count("\n") + text.count("\n")
    found = matches(tree.tree.root_node, grammar, first, last + 1)
    start, end = len(before.encode("utf-8", "replace")), len((before + text).encode("utf-8", "replace"))
    written: dict[int, Written] = {}
    for match in found:
        node = match[1].get("import", [None])[0]
        if node is None or node.end_byte <= start or node.start_byte >= end:
            continue
        for one in imports_of([match], lines, grammar, original_of(grammar)):
            at = _place_of(one.module, node, tree.text)
            if at < end and at + len(one.module.encode("utf-8", "replace")) > start:
                offset = len(tree.text[start : max(start, at)].decode("utf-8", "replace"))
                written[at] = Written(one.module, offset)
    yield from (written[at] for at in sorted(written))


def refused(name: str, text: str, found: Written, reason: str) -> Decision:
    """Return the decision of the filter `name` to cut before the line of what was found.

    All is kept back where it is on the first line.
    """
    kept = text[: max(0, text.rfind("\n", 0, found.at))].rstrip()
    if kept.strip():
        return Decision(name, kept, reason)
    return Decision(name, "", reason, Offence(text[: found.at], text[found.at :]))


def _place_of(module: str, node: Node, source: bytes) -> int:
    """Return the byte at which the last part of the module's name begins that its node spells out."""
    at = source.find(module.encode("utf-8", "replace"), node.start_byte, node.end_byte)
    return at if at >= 0 else node.start_byte
