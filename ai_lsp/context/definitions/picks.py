"""From chosen definitions to snippets: one a file, within a few lines, heads of classes around their members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ai_lsp.context.definitions.lookup import Found
from ai_lsp.context.definitions.outlines import Module
from ai_lsp.context.definitions.rendering import render
from ai_lsp.context.snippet import Snippet

if TYPE_CHECKING:
    from ai_lsp.syntax.outline import Definition

_MOST_LINES, _MOST_PICKS = 25, 30
_MOST_FIELDS = 12
_CONSTRUCTORS = frozenset({"__init__", "constructor", "__construct", "initialize", "new"})
_BARE = frozenset({"interface", "struct", "trait", "enum", "type"})
_FIELDS = frozenset({"variable", "constant", "field", "property", "attribute"})


@dataclass(frozen=True)
class Pick:
    """A definition that is worth showing."""

    found: Found
    score: float


def snippets_of(picks: Iterable[Pick], source: str, display: Callable[[Path], str]) -> list[Snippet]:
    """Return the picks as snippets, one for each file, best first."""
    by_file: dict[Path, dict[Definition, Pick]] = {}
    for pick in picks:
        some = by_file.setdefault(pick.found.module.path, {})
        known = some.get(pick.found.definition)
        if known is None or known.score < pick.score:
            some[pick.found.definition] = pick
    made = [_snippet(list(some.values()), source, display) for some in by_file.values()]
    return sorted(made, key=lambda one: -one.score)


def _snippet(picks: Sequence[Pick], source: str, display: Callable[[Path], str]) -> Snippet:
    """Return as many of a file's picks as fit, the best ones, in the file's order."""
    module = picks[0].found.module
    chosen: list[Pick] = []
    lines: list[str] = []
    for pick in sorted(picks, key=lambda one: -one.score)[:_MOST_PICKS]:
        longer = _lines([*chosen, pick], module)
        if len(longer) <= _MOST_LINES or not chosen:
            chosen.append(pick)
            lines = longer[:_MOST_LINES]
    first = min(pick.found.definition.line for pick in chosen)
    text = "\n".join(lines) + "\n"
    return Snippet(source, display(module.path), text, max(pick.score for pick in chosen), first)


def _lines(picks: Sequence[Pick], module: Module) -> list[str]:
    scores = {pick.found.definition: pick.score for pick in picks}
    heads = {name: head for one in scores if (name := one.parent) and (head := _head_of(module, name))}
    shown = {one for one in scores if one.parent not in heads} | set(heads.values())
    lines: list[str] = []
    for one in sorted(shown, key=lambda each: each.line):
        members = [member for member in module.members(one.name) if member in scores]
        members.sort(key=lambda member: -scores[member])
        if not members and module.is_type(one):
            members = _essentials(one, module)
        lines += render(one, module.language, members)
    return lines


def _essentials(holder: Definition, module: Module) -> list[Definition]:
    """Return what one must know of a class to make one: its constructor, else its fields."""
    members = module.members(holder.name)
    if made_by := [one for one in members if one.name in _CONSTRUCTORS or one.name == holder.name]:
        return made_by[:2]
    fields = members if holder.kind in _BARE else [one for one in members if one.kind in _FIELDS]
    return fields[:_MOST_FIELDS]


def _head_of(module: Module, name: str) -> Definition | None:
    return next((one for one in module.named(name.rsplit(".", 1)[-1]) if module.is_type(one)), None)
