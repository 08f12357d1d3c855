"""Members of an object itself that its class cannot have, as far as one file tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ai_lsp.completion.place import Place
from ai_lsp.filters.lines import width
from ai_lsp.filters.written import Written

_SCRIPT = re.compile(
    r"(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(?P<name>[\w$]+)(?:<[^{]*>)?"
    r"(?:\s+extends\s+(?P<bases>[\w$.]+)(?:<[^{]*>)?)?(?:\s+implements\s[^{]*)?\s*\{"
)
_CLASSES = {
    "python": re.compile(r"class\s+(?P<name>\w+)\s*(?:\((?P<bases>[^()]*)\))?:"),
    "java": re.compile(
        r"(?:(?:public|private|protected|static|final|abstract)\s+)*class\s+(?P<name>\w+)(?:<[^{]*>)?"
        r"(?:\s+extends\s+(?P<bases>[\w.]+)(?:<[^{]*>)?)?(?:\s+implements\s[^{]*)?\s*\{"
    ),
    **dict.fromkeys(("javascript", "javascriptreact", "typescript", "typescriptreact"), _SCRIPT),
}
"""The head of a class, by language."""
_ANY_CLASS = re.compile(r"[\w\s]*\b(?:class|interface|trait|enum|record)\s")
_WITHOUT_MEMBERS = frozenset({"object", "ABC", "abc.ABC", "Protocol", "metaclass=ABCMeta"})
_MEMBER = re.compile(r"(?<![\w.$@])(?:self|this)\.(\w+)(?!\w)(?!\s*(?::[^=\n]*)?=(?!=))")
_DYNAMIC = re.compile(
    r"__getattr|setattr|__dict__|defineProperty|Object\.assign|\bProxy\b|\blombok\b|\.prototype\b|\brecord\b"
)
_ASSIGNED = re.compile(r"(?:self|this)\.(\w+)\s*(?::[^=\n]*)?=(?!=)")
_DECLARED = re.compile(r"(?<![\w.])(\w+)\s*[?!]?\s*[:=(]")
_NEAR_LINES = 400
_DEEP = 10_000
_MOST_LINES = 2_000
"""A longer file is not looked through: 9,500 lines took 20 ms of the event loop."""


def unknown_members(text: str, place: Place, lines: Sequence[str]) -> Iterator[Written]:
    """Yield the members of `self` or `this` in `text` that stand nowhere in the file.

    Its `lines` keep their ends. Only where the class that the cursor is in, and each that it inherits from, has
    its head in the file, and where no other members come from elsewhere.
    """
    line, first = place.line_before + text, len(place.line_before)
    head = _CLASSES.get(place.language)
    written = [found for found in _MEMBER.finditer(line) if found.end() > first] if head else []
    if not (head and written) or len(lines) > _MOST_LINES:
        return
    whole = "".join(lines)
    for found in written:
        name = found[1]
        known = name.startswith("__") or _has(name, whole) or _has(name, line[: found.start()])
        if known or _DYNAMIC.search(whole) or _is_open(place, lines):
            continue
        if _is_known(_class_at(place, lines, head), lines, head):
            yield Written(name, max(0, found.start(1) - first))


def _is_open(place: Place, lines: Sequence[str]) -> bool:
    """Whether something else makes members of these classes: they read some that are made nowhere near."""
    near = "".join(lines[max(0, place.line - _NEAR_LINES) : place.line + _NEAR_LINES])
    made = {*_ASSIGNED.findall(near), *_DECLARED.findall(near)}
    return not made.issuperset(_MEMBER.findall(near))


def _has(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<!\w){name}(?!\w)", text) is not None


def _class_at(place: Place, lines: Sequence[str], head: re.Pattern[str]) -> re.Match[str] | None:
    """Return the head of the innermost class around the cursor, by indentation; None for one of another kind."""
    column = width(place.line_before) if place.line_before.strip() else _DEEP
    for number in range(min(place.line, len(lines)) - 1, -1, -1):
        line = lines[number].rstrip()
        if not line.strip() or width(line) >= column or line.lstrip()[0] in ")]}#/*@":
            continue
        column = width(line)
        if _ANY_CLASS.match(line):
            decorated = number > 0 and lines[number - 1].lstrip().startswith("@") and place.language == "python"
            return None if decorated else head.match(line.strip())
    return None


def _is_known(found: re.Match[str] | None, lines: Sequence[str], head: re.Pattern[str]) -> bool:
    """Whether a class and all that it inherits from are in the file."""
    if found is None:
        return False
    heads = {match["name"]: match for line in lines if "class" in line and (match := head.match(line.strip()))}
    seen: set[str] = set()
    todo = [found]
    while todo:
        for base in _bases(todo.pop()):
            if base not in heads:
                return False
            if base not in seen:
                seen.add(base)
                todo.append(heads[base])
    return True


def _bases(head: re.Match[str]) -> Iterable[str]:
    bases = (base.strip() for base in (head["bases"] or "").split(","))
    return [base for base in bases if base and base not in _WITHOUT_MEMBERS and not base.startswith("Generic[")]
