"""Which actions are offered where: cheap, and without asking the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ai_lsp.actions.action import Action, Refused, Scope
from ai_lsp.actions.around import Around, Definition
from ai_lsp.actions.subject import Instruction, Told, block_after, instruction_near

_MOST_DIAGNOSTICS = 3
_LABEL_CHARS = 60
_DEFINITION_LINES = 40
"""A definition with more lines than this is not written anew for one diagnostic in it."""
_NEAR_LINES = 3
_ENGLISH = re.compile(
    r"\b(?:the|of|to|is|are|and|for|this|that|with|in|if|returns?|when|not|be|from|by|it)\b", re.I
)
_LETTERS = re.compile(r"[^\W\d_]+")
_ENGLISH_SHARE = 0.12
"""Words of English text that are among the most frequent ones, at least."""


@dataclass(frozen=True)
class Sight:
    """What is known where actions are asked for; lines are zero-based and inclusive."""

    lines: Sequence[str]
    language: str
    first: int
    last: int
    selected: bool
    around: Around
    diagnostics: tuple[Told, ...] = ()
    in_repository: bool = False
    can_ask: bool = False
    """Whether the client asks its user for an instruction where no comment ``ai: ...`` gives one."""


@dataclass(frozen=True)
class Choice:
    """The lines that a scope chooses."""

    scope: Scope
    first: int
    last: int
    label: str = ""
    """What follows the action's title."""
    diagnostics: tuple[Told, ...] = ()
    instruction: Instruction | None = None

    @property
    def asks(self) -> bool:
        """Whether the user is still to be asked for the instruction."""
        return self.scope == "instruction" and self.instruction is None


@dataclass(frozen=True)
class Offer:
    """An action that can be done here, or why it cannot."""

    action: Action
    choice: Choice
    reason: str = ""
    """Why it cannot be done; empty where it can."""


def offers(actions: Iterable[Action], sight: Sight) -> Iterator[Offer]:
    """Return what is offered, in the order of the actions; what makes no sense here is left out."""
    for action in actions:
        if not action.speaks(sight.language):
            continue
        for choice in choices(action, sight):
            yield Offer(action, choice, reason_against(action, choice, sight))


def choices(action: Action, sight: Sight) -> list[Choice]:
    """Return what the first of the action's scopes that is there chooses; several only for diagnostics."""
    for scope in action.scopes:
        if found := _choices(scope, sight):
            return found
    return [_to_be_asked(sight)] if sight.can_ask and "instruction" in action.scopes else []


def choice_of(action: Action, scope: str, sight: Sight) -> Choice:
    """Return what was offered, once it is wanted. Raises Refused where it is no longer there."""
    for one in choices(action, sight):
        if scope in ("", one.scope):
            if reason := reason_against(action, one, sight):
                raise Refused(reason)
            return one
    raise Refused(f"there is no {scope or ' or '.join(action.scopes)} here")


def reason_against(action: Action, choice: Choice, sight: Sight) -> str:
    """Return why the action is not offered on that choice; empty where it is."""
    definition = sight.around.definition
    if action.answer in ("docstring", "test", "body") and definition is None:
        return "there is no definition here"
    if definition is not None and action.answer == "docstring":
        return docstring_reason(definition, sight)
    if definition is not None and action.answer in ("test", "body") and not definition.is_function:
        return f"`{definition.name}` is no function"
    if action.answer == "comment" and is_english(_text(sight, choice)):
        return "the comment is in English already"
    return ""


def docstring_reason(definition: Definition, sight: Sight) -> str:
    """Return why a definition gets no docstring; empty where it gets one."""
    if definition.doc:
        return f"`{definition.name}` is documented already"
    if sight.language == "python" and definition.body is not None and definition.body[0] == definition.head:
        return f"the body of `{definition.name}` is on the line of its head"
    return ""


def _choices(scope: Scope, sight: Sight) -> list[Choice]:
    definition, comment = sight.around.definition, sight.around.comment
    if scope == "selection" and sight.selected:
        return [Choice(scope, sight.first, sight.last, " the selection")]
    if scope == "definition" and definition is not None:
        return [Choice(scope, definition.first, definition.last, f" `{definition.name}`")]
    if scope == "stub" and definition is not None and definition.stub:
        return [Choice(scope, definition.first, definition.last, f" `{definition.name}`")]
    if (
        scope == "comment"
        and comment is not None
        and instruction_near(sight.lines, comment.first, comment.last) is None
    ):
        return [Choice(scope, comment.first, comment.last)]
    if scope == "instruction":
        return _instructed(sight)
    if scope == "diagnostic":
        return [_for_diagnostic(told, sight) for told in _worst_first(sight)[:_MOST_DIAGNOSTICS]]
    if scope == "file" or (scope == "repository" and sight.in_repository):
        return [Choice(scope, 0 if scope == "file" else sight.first, len(sight.lines) - 1)]
    return []


def _worst_first(sight: Sight) -> list[Told]:
    here = [one for one in sight.diagnostics if one.line < len(sight.lines)]
    return sorted(here, key=lambda one: (one.severity, one.line))


def _for_diagnostic(told: Told, sight: Sight) -> Choice:
    """Return the definition around a diagnostic if it is not too long, else the lines near it."""
    definition = sight.around.definition
    last = len(sight.lines) - 1
    first, stop = max(0, told.line - _NEAR_LINES), min(last, told.last + _NEAR_LINES)
    if (
        definition is not None
        and definition.first <= told.line <= definition.last
        and definition.last - definition.first < _DEFINITION_LINES
    ):
        first, stop = definition.first, definition.last
    return Choice("diagnostic", first, min(stop, last), f": {shortened(told.message)}", (told,))


def _instructed(sight: Sight) -> list[Choice]:
    said = instruction_near(sight.lines, sight.first, sight.last)
    if said is None:
        return []
    label = f": {shortened(said.text)}"
    if sight.selected:
        first, last = min(sight.first, said.first), max(sight.last, said.last)
        return [Choice("instruction", first, last, label, instruction=said)]
    return [Choice("instruction", said.first, block_after(sight.lines, said.last), label, instruction=said)]


def _to_be_asked(sight: Sight) -> Choice:
    """Return what an instruction that is still to be given is for: the selection, the definition, the line."""
    definition = sight.around.definition
    if sight.selected or definition is None:
        what = "the selection" if sight.selected else "this line"
        return Choice("instruction", sight.first, sight.last, f": {what}…")
    return Choice("instruction", definition.first, definition.last, f": `{definition.name}`…")


def shortened(text: str) -> str:
    """Return a text in one line that fits a menu."""
    line = " ".join(text.split())
    return line if len(line) <= _LABEL_CHARS else line[: _LABEL_CHARS - 1] + "…"


def _text(sight: Sight, choice: Choice) -> str:
    return "".join(sight.lines[choice.first : choice.last + 1])


def is_english(text: str) -> bool:
    """Whether a text has about as many small English words as English has."""
    words = _LETTERS.findall(text)
    if not words:
        return True
    return text.isascii() and len(_ENGLISH.findall(text)) >= _ENGLISH_SHARE * len(words)
