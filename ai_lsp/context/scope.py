"""What the window does not show of the cursor's own file: imports, enclosing heads, the class's other members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp import timeslice
from ai_lsp.context.skeleton import Line, folded, head
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.syntax.declarations import FUNCTIONS, TYPES, Declaration, declarations
from ai_lsp.syntax.imports import imports_of
from ai_lsp.syntax.outline import original_of
from ai_lsp.syntax.parsing import matches
from ai_lsp.syntax.tree import Trees

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_LINES = 36
_IMPORT_LINES = 200
"""How far from the top of a file imports are looked for."""
_MEMBER_LINES = 150
"""How far from the window members are looked for."""
_USED_FULL = 3
"""Uses of imported names with which the imports count most."""


@dataclass(frozen=True)
class _View:
    """A file, its tree, and the lines of it that the window shows, both inclusive."""

    root: Node
    grammar: str
    lines: Sequence[str]
    first: int
    last: int

    def shows(self, line: int) -> bool:
        return self.first <= line <= self.last

    def declarations(self, first: int, last: int) -> list[Declaration]:
        return declarations(matches(self.root, self.grammar, max(0, first), last), self.lines)


class Scope:
    """The source of a file's own skeleton around the window."""

    name = "scope"

    def __init__(self, trees: Trees | None = None) -> None:
        """Take the trees from where others that need them do, so that each document is parsed once."""
        self._trees = trees or Trees()

    async def find(self, query: Query) -> list[Snippet]:
        """Return the skeleton of what encloses the cursor, and the imports: those that are used apart.

        Nothing when the window shows the whole file, and when the document is edited while it is first parsed.
        """
        document, place = query.document, query.place
        first = place.line - place.prefix.count("\n")
        last = place.line + place.suffix.count("\n")
        if first <= 0 and last >= len(document.lines) - 1:
            return []
        tree = self._trees.of(document)
        root = await tree.root()
        if root is None or (document.version or 0) != place.version:
            return []
        view, found = _View(root, tree.grammar, document.lines, first, last), list[Snippet]()
        for look in (_imports, _skeleton):  # each takes some 2 ms
            await timeslice.pause()
            if (document.version or 0) != place.version:
                return []
            found += look(view, query)
        return sorted(found, key=lambda one: -one.score)


def _skeleton(view: _View, query: Query) -> list[Snippet]:
    """Return the heads of what encloses the cursor's line, with the members of its class."""
    line = query.place.line
    chain = [one for one in view.declarations(line, line + 1) if one.start[0] <= line <= one.end[0]]
    heads = [one for one in chain if one.start[0] < view.first and one.body is not None]
    owner = next((one.path for one in reversed(chain) if one.kind in TYPES), "")
    owner = owner or next((one.parent for one in chain if one.kind in FUNCTIONS and one.parent), "")
    members, holder = _members(view, owner, {one.span for one in heads})
    shown = {one.start[0]: head(one, view.lines) for one in heads}
    chosen = _chosen(members, query, view, _MOST_LINES - sum(map(len, shown.values())))
    if holder is not None:
        _enclose(chosen, holder, view.lines)
    # The heads of functions come last, because the window goes on within them.
    order = sorted([*chosen, *(one.start[0] for one in heads if one.kind not in FUNCTIONS)])
    order += [one.start[0] for one in heads if one.kind in FUNCTIONS]
    rows = [row for start in dict.fromkeys(order) for row in {**chosen, **shown}[start]]
    if not rows:
        return []
    used = any(one.name in query.names for one in members)
    text = "".join(f"{row.text}\n" for row in rows)
    score = (0.5 if heads else 0.3) + (0.4 if used else 0.0)
    return [Snippet(Scope.name, query.place.path, text, score, min(row.number for row in rows))]


def _members(
    view: _View, owner: str, heads: Collection[tuple[int, int]]
) -> tuple[list[Declaration], Declaration | None]:
    """Return what belongs to `owner` and begins outside of the window, not too far from it.

    With them, the type itself where it does not enclose the cursor, as of Go's methods.
    """
    above = view.declarations(view.first - _MEMBER_LINES, view.first)
    below = view.declarations(view.last + 1, view.last + 1 + _MEMBER_LINES)
    found = {one.start: one for one in above + below if one.span not in heads and one.kind != "impl"}
    outside = [one for one in found.values() if owner and not view.shows(one.start[0])]
    holder = next((one for one in outside if one.path == owner and one.kind in TYPES), None)
    row = holder.start[0] if holder is not None else -1
    return [one for one in outside if one.parent == owner and one.start[0] != row], holder


def _enclose(chosen: dict[int, list[Line]], holder: Declaration, lines: Sequence[str]) -> None:
    """Put the head of a type, and what closes it, around those of its members that stand in it."""
    first, last = holder.start[0], min(holder.end[0], len(lines) - 1)
    inner = [row for row in chosen if first < row <= last]
    if first == last:
        chosen[first] = [Line(first, lines[first].rstrip())]
    elif inner:
        chosen[first] = head(holder, lines)
        chosen[max(inner)] = [*chosen[max(inner)], Line(last, lines[last].rstrip())]


def _chosen(members: list[Declaration], query: Query, view: _View, room: int) -> dict[int, list[Line]]:
    """Return, by the line that they begin at, the members that there is room for.

    Those that are named near the cursor come first, then the nearest. A field that a method sets stays in it.
    """
    names = {name: at for at, name in enumerate(query.names)}
    line = query.place.line
    ranked = sorted(members, key=lambda one: (names.get(one.name, len(names)), abs(one.start[0] - line)))
    chosen: dict[int, list[Line]] = {}
    for one in ranked:
        if one.start[0] in chosen:
            continue
        new = {one.start[0]: folded(one, view.lines, view.grammar)}
        method = next((each for each in members if each is not one and _holds(each, one)), None)
        if method is not None:
            new[method.start[0]] = head(method, view.lines)
        size = sum(len(lines) for start, lines in new.items() if start not in chosen)
        if size <= room:
            room -= size
            chosen.update(new)
    return chosen


def _holds(outer: Declaration, inner: Declaration) -> bool:
    return outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1] and outer.body is not None


def _imports(view: _View, query: Query) -> list[Snippet]:
    """Return the imports outside of the window: those that bring names near the cursor, and the others."""
    found = imports_of(
        matches(view.root, view.grammar, 0, _IMPORT_LINES), view.lines, view.grammar, original_of(view.grammar)
    )
    names = set(query.names)
    statements: dict[tuple[int, int], int] = {}
    for one in found:
        inner = view.grammar == "rust" and view.lines[one.line][:1].isspace()  # of `mod tests`, a function
        if not view.shows(one.line) and not inner:
            span = one.line, one.end_line
            statements[span] = statements.get(span, 0) + len(names.intersection(one.names))
    uses = min(1.0, sum(statements.values()) / _USED_FULL)
    used = _statements([span for span, n in statements.items() if n], view, query, 0.5 + 0.4 * uses)
    return used + _statements([span for span, n in statements.items() if not n], view, query, 0.25)


def _statements(spans: list[tuple[int, int]], view: _View, query: Query, score: float) -> list[Snippet]:
    numbers: list[int] = []
    for first, last in sorted(spans):
        new = [number for number in range(first, last + 1) if number not in numbers]
        if len(numbers) + len(new) <= _MOST_LINES:
            numbers += new
    if not numbers:
        return []
    texts = [view.lines[number].rstrip() for number in numbers]
    if view.grammar == "go":  # each path of a group is a statement
        texts = [text if text.startswith("import") else f"import {text.strip()}" for text in texts]
    text = "".join(f"{text}\n" for text in texts)
    return [Snippet(Scope.name, query.place.path, text, score, numbers[0])]
