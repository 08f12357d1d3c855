"""Continue's prompt: 1,024 tokens, of which 30 % before the cursor and at most 20 % after it.

What is left goes to opened files first, by recency and size (`formatOpenedFilesContext.ts`), then to the
definitions of imported names near the cursor (`ImportDefinitionsService.ts`); each is put before the file as a
comment under its path (`formatting.ts`). Continue asks the editor's language server for definitions; here they are
found by their keyword, which finds those in the package. Its other sources are off by default or empty in a file
just opened.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ai_lsp.syntax.comments import comment
from benchmarks.quality.code import identifiers
from benchmarks.quality.recipes.view import Parts, View, first_lines, last_lines

_TOKENS, _PREFIX_SHARE, _SUFFIX_SHARE, _BUFFER = 1024, 0.3, 0.2, 10
_FILES_CONSIDERED, _FILES_USED, _LEAST_TOKENS = 10, 5, 125
_RECENCY, _SIZE, _DECAY, _LEAST_CHARS = 0.6, 0.4, 1.15, 10
_LINES_ABOVE, _LINES_BELOW = 5, 3
_IMPORT_LINES, _IMPORT_CHARS = 100, 10_000
_IMPORT = re.compile(r"^\s*(?:import|from|use|using|require|#include|export .* from)\b.*$", re.MULTILINE)
_KEYWORDS = "class|def|function|func|fn|struct|enum|interface|trait|type|const|module"


@dataclass(frozen=True)
class _Piece:
    path: str
    text: str


def continue_dev(view: View) -> Parts:
    """Lay out snippets as comments, the file's path as a comment, and the pruned text around the cursor."""
    prefix = last_lines(view.case.prefix, int(_TOKENS * _PREFIX_SHARE), view.count)
    room = min(_TOKENS - view.count(prefix), int(_TOKENS * _SUFFIX_SHARE))
    suffix = first_lines(view.case.suffix, room, view.count)
    left = _TOKENS - view.count(prefix + suffix)
    window = prefix + suffix
    opened = [_Piece(visit.path, visit.text) for visit in reversed(view.visits)]
    defined = [one for one in _definitions(view) if one.text.strip() not in window]
    chosen = _fitting([*_opened(opened, left, view), *defined], left, view)
    shown = [f"Path: {_short(one.path)}\n{one.text}" for one in chosen] + [_short(view.case.path)]
    return Parts(tuple(_commented(text, view) + "\n" for text in shown), prefix, suffix)


def _opened(files: Sequence[_Piece], room: int, view: View) -> list[_Piece]:
    """Return the opened files, the latest first, whole where they fit, else the heads of the best five."""
    total = fitting = 0
    for file in files:
        total += view.count(file.text)
        if total >= room - _BUFFER:
            break
        fitting += 1
    if fitting >= min(_FILES_USED, len(files)):
        return list(files[:fitting])
    best = _ranked(files)
    while best and room - _BUFFER < len(best) * _LEAST_TOKENS:
        best.pop()
    trimmed = []
    for index, file in enumerate(best):
        number = len(best) - index
        spare = room - _BUFFER - number * _LEAST_TOKENS
        text = first_lines(file.text, math.floor(_LEAST_TOKENS + 2 / (number + 1) * spare), view.count)
        trimmed.append(replace(file, text=text))
        room -= view.count(text)
    return trimmed


def _ranked(files: Sequence[_Piece]) -> list[_Piece]:
    """Return the best five of the latest ten: late ones and small ones first."""
    considered = files[:_FILES_CONSIDERED]
    logs = [math.log(max(len(file.text), _LEAST_CHARS)) for file in considered]
    low, high = min(logs, default=0.0), max(logs, default=0.0)

    def score(index: int) -> float:
        size = 0.5 if high == low else 1 - (logs[index] - low) / (high - low)
        return float(_RECENCY * _DECAY**-index + _SIZE * size)

    order = sorted(range(len(considered)), key=score, reverse=True)
    return [considered[index] for index in order[:_FILES_USED]]


def _fitting(pieces: Sequence[_Piece], room: int, view: View) -> list[_Piece]:
    """Return the pieces that fit, in order; one that does not is passed over."""
    chosen = []
    for piece in pieces:
        size = view.count(piece.text) + _BUFFER
        if piece.text.strip() and room >= size:
            chosen.append(piece)
            room -= size
    return chosen


def _definitions(view: View) -> list[_Piece]:
    """Return the definitions of the imported names that are used near the cursor."""
    head = "\n".join(view.case.text[:_IMPORT_CHARS].split("\n")[:_IMPORT_LINES])
    imported = {name for line in _IMPORT.findall(head) for name in identifiers(line)}
    above = view.case.prefix.split("\n")[-_LINES_ABOVE - 1 :]
    below = view.case.suffix.split("\n")[: _LINES_BELOW + 1]
    near = dict.fromkeys(identifiers("\n".join([*above, *below])))
    found = (_definition(name, view) for name in near if name in imported)
    return [piece for piece in found if piece is not None]


def _definition(name: str, view: View) -> _Piece | None:
    pattern = re.compile(rf"^[^\n\"'#]*\b(?:{_KEYWORDS})\s+{re.escape(name)}\b", re.MULTILINE)
    for file in view.files():
        if name in file.text and (match := pattern.search(file.text)):
            return _Piece(file.path, _whole(file.text[match.start() :]))
    return None


def _whole(text: str) -> str:
    """Return the definition that `text` starts with: to the next line that is no further right than its first."""
    lines = text.split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip())
    end = 1
    while end < len(lines):
        line = lines[end]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            closes = line.strip()[0] in ")}]"
            end += closes
            if not (closes and line.rstrip().endswith(("{", ":"))):
                break
        else:
            end += 1
    return "\n".join(lines[:end]).rstrip()


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _commented(text: str, view: View) -> str:
    return "\n".join(comment(view.place.language, line) for line in text.strip().split("\n"))
