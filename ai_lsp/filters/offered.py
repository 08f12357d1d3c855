"""Names that a suggestion takes from a Python module, and that the module does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_lsp.completion.place import Place
from ai_lsp.filters.modules import Modules
from ai_lsp.filters.written import Written

_USED = re.compile(r"(?<![\w.])([^\W\d]\w*)\.([^\W\d]\w*)")
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^#;\n]+)", re.MULTILINE)
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import\b[ \t]*(\(?)", re.MULTILINE)
_OPEN_FROM = re.compile(r"^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]*\([^)]*\Z", re.MULTILINE)
_ALIAS = re.compile(r"([^\W\d]\w*)(?:[ \t]+as[ \t]+\w+)?[ \t]*(?:#[^\n]*)?")
_SAID = re.compile(
    r"\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|#[^\n]*", re.DOTALL
)
"""Strings and comments."""
_OPEN_CHARS = 2_000
_MOST_LINES = 2_000
"""A longer file is not looked through."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that is not there."""

    module: str
    written: Written


def unknown_names(text: str, place: Place, lines: Sequence[str], modules: Modules) -> Iterator[Missing]:
    """Yield what `text` writes as names of modules that they do not have.

    They are imported in the file, whose `lines` keep their ends, or by `text` itself. What is bound to anything
    but one module somewhere in the file passes, and so do names that begin with an underscore, or stand in the
    file already.
    """
    if place.language != "python" or len(lines) > _MOST_LINES:
        return
    opened = _OPEN_FROM.search(place.prefix[-_OPEN_CHARS:])
    before = opened[0] if opened else place.line_before
    line = _SAID.sub(lambda found: " " * len(found[0]), before + text)
    found = sorted([*_imported(line), *_used(line, lines)], key=lambda one: one.written.at)
    for one in found:
        name, end = one.written.name, one.written.at + len(one.written.name)
        if end <= len(before) or name.startswith("_") or (end == len(line) and place.suffix[:1].isalnum()):
            continue
        if modules.offers(one.module, name, place, begins=end == len(line)) is False and not _stands(one, lines):
            yield Missing(one.module, Written(name, max(0, one.written.at - len(before))))


def read_ahead(place: Place, lines: Sequence[str], modules: Modules) -> None:
    """Have the names of those modules read that the file imports, before there is a suggestion."""
    if place.language == "python" and len(lines) <= _MOST_LINES:
        for module in filter(None, _bound(lines).values()):
            modules.offers(module, "", place, begins=True)


def _imported(line: str) -> Iterator[Missing]:
    """Yield the names of ``from module import name, name``, each where it stands."""
    for head in _FROM.finditer(line):
        end = line.find(")" if head[2] else "\n", head.end())
        names = line[head.end() : end if end >= 0 else len(line)]
        at = head.end()
        for part in names.split(","):
            lead = len(part) - len(part.lstrip())
            if alias := _ALIAS.fullmatch(part.strip()):
                yield Missing(head[1], Written(alias[1], at + lead))
            at += len(part) + 1


def _used(line: str, lines: Sequence[str]) -> Iterator[Missing]:
    """Yield each ``name.member`` whose name is that of one module."""
    uses = list(_USED.finditer(line))
    if not uses:
        return
    bound = _bound([*lines, *line.splitlines(keepends=True)])
    for use in uses:
        module = bound.get(use[1])
        if (
            module
            and not _IMPORT.match(line, line.rfind("\n", 0, use.start()) + 1)
            and not _shadowed(use[1], lines, line)
        ):
            yield Missing(module, Written(use[2], use.start(2)))


def _bound(lines: Sequence[str]) -> dict[str, str | None]:
    """Return the modules that names are bound to by ``import``; None for more than one, or what may be none."""
    bound: dict[str, str | None] = {}
    statements = "".join(line for line in lines if "import" in line)
    for statement in _IMPORT.finditer(statements):
        for part in statement[1].split(","):
            module, _, alias = (piece.strip() for piece in part.partition(" as "))
            name = alias or module.partition(".")[0]
            meant = module if alias else name
            bound[name] = meant if bound.get(name, meant) == meant else None
    return bound


def _shadowed(name: str, lines: Sequence[str], line: str) -> bool:
    """Whether anything but an import may bind `name`."""
    whole = "".join(each for each in lines if name in each and not _IMPORT.match(each)) + line
    binding = re.compile(
        rf"(?<![\w.]){name}\s*(?::[^=\n]+)?:?=(?!=)|\b(?:as|def|class|del|global|import)\s+{name}\b"
        rf"|\bimport\b[^\n]*\b{name}\b|\bfor\b[^\n:]*\b{name}\b|\b(?:def\s+\w+\s*\(|lambda\b)[^\n]*\b{name}\b[^.]"
        rf"|^\s*\*{{0,2}}{name}\s*[,:=)]",
        re.MULTILINE,
    )
    return binding.search(_IMPORT.sub("", whole)) is not None


def _stands(one: Missing, lines: Sequence[str]) -> bool:
    """Whether the file uses such a member already: it may come from where nobody looks."""
    member = re.compile(rf"\.{one.written.name}\b")
    return any(one.written.name in line and member.search(line) for line in lines)
