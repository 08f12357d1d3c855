"""Places in files on disk, for actions that are asked for in a terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.actions.action import Action, Refused
from ai_lsp.actions.around import Around, look
from ai_lsp.actions.offer import Sight, choice_of
from ai_lsp.actions.subject import Instruction, Subject, Text, Told
from ai_lsp.documents import Document
from ai_lsp.paths import repository_of
from ai_lsp.syntax.languages import grammar_of, language_of
from ai_lsp.syntax.parsing import parse

_PLACE = re.compile(
    r"(?P<file>\"[^\"]+\"|\S+?)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?(?:\s+(?P<rest>.*))?\Z", re.DOTALL
)


@dataclass(frozen=True)
class Spot:
    """Some lines of a file, zero-based and inclusive, and what is wanted of them in words."""

    file: str
    first: int
    last: int
    words: str

    @property
    def selected(self) -> bool:
        """Whether several lines were named, and not one."""
        return self.last > self.first


def spot(text: str) -> Spot:
    """Return the place in ``FILE[:LINE[-LINE]] words``, lines counted from 1. Raises Refused."""
    found = _PLACE.match(text.strip())
    if found is None:
        raise Refused("an action needs a place: FILE, FILE:LINE or FILE:FIRST-LAST")
    first = max(1, int(found["first"] or 1))
    last = max(first, int(found["last"] or first))
    return Spot(found["file"].strip('"'), first - 1, last - 1, (found["rest"] or "").strip())


def subject_at(action: Action, where: Spot, root: Path | None) -> Subject:
    """Return what an action is about at a place of a file as it is on disk. Raises Refused."""
    path = ((root or Path()) / where.file).absolute()
    if not path.is_file():
        raise Refused(f"there is no file {path}")
    document = Document(path.as_uri(), language_id=language_of(path))
    lines, language = list(document.lines), document.language_id or ""
    first, last = min(where.first, len(lines) - 1), min(where.last, len(lines) - 1)
    tree = parse(lines, grammar_of(language))
    around = look(tree.root_node, grammar_of(language), lines, first, last) if tree is not None else Around()
    in_repository = root is not None and repository_of(root) is not None
    told = _told(action, where, first, last)
    sight = Sight(lines, language, first, last, where.selected, around, told, in_repository=in_repository)
    shown = path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else path.name
    text = Text(document.uri, shown, str(path), str(root or ""), language, 0, lines, document.eol)
    if where.words and "instruction" in action.scopes:
        said = Instruction(where.words, -1, -1)
        return Subject(text, "instruction", first, last, around.definition, instruction=said)
    choice = choice_of(action, "", sight)
    known = around.definition, around.comment
    return Subject(text, choice.scope, choice.first, choice.last, *known, choice.instruction, choice.diagnostics)


def _told(action: Action, where: Spot, first: int, last: int) -> tuple[Told, ...]:
    """Return what is wrong in the user's words, for an action that mends it. Raises Refused without any."""
    if "diagnostic" not in action.scopes:
        return ()
    if not where.words:
        raise Refused(f"say what is wrong there: /{action.name} {where.file}:{first + 1} MESSAGE")
    return (Told(first, last, where.words),)
