"""One action, from what it is about to edits that can be applied."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ai_lsp.actions.action import Action, Refused
from ai_lsp.actions.checks import Copied, check, copies, restored
from ai_lsp.actions.extract import is_closed
from ai_lsp.actions.fitting import Fitted, around_chars, fitted
from ai_lsp.actions.forms.form import Draft, Material, Result, Surroundings, Unusable
from ai_lsp.actions.forms.table import FORMS
from ai_lsp.actions.gathering import Gathering, Piece
from ai_lsp.actions.streaming import answered, rambles
from ai_lsp.actions.subject import Subject
from ai_lsp.completion.place import Place
from ai_lsp.licences.match import Match
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import ChatModel, ChatModels, NotAllowed, Part, Wish

log = logging.getLogger(__name__)

_TRIES = 2
_WARMTH = 0.3
"""The temperature of another try: the same answer again would be of no use."""
_CODE = frozenset({"replacement", "body", "test", "insertion"})
_ENOUGH: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"message": rambles, **dict.fromkeys(_CODE, is_closed)}
)
"""What tells that no more of an answer is wanted: the end of its fence, or what was said often enough."""
_ELSEWHERE = frozenset({"commit", "test"})
"""Answers that do not go to the lines that they are about."""
_AROUND_LINES = 200
_AROUND_CHARS = 12_000


def _never(_text: str) -> bool:
    return False


def _nothing_copied(_text: str, _place: Place) -> Match | None:
    return None


@dataclass(frozen=True)
class Services:
    """What running an action needs of the rest."""

    models: ChatModels
    copied: Copied = _nothing_copied
    surroundings: Surroundings = field(default_factory=Surroundings)
    gathering: Gathering | None = None
    """What finds code of elsewhere; None for nothing of that."""


@dataclass(frozen=True)
class Outcome:
    """What came of an action."""

    model: str
    """Its title."""
    result: Result = field(default_factory=Result)
    failure: str = ""
    """Why there are no edits, in one line; empty where there are, or where a text was asked for."""
    answer: str = ""
    """What the model wrote."""
    parts: tuple[Part, ...] = ()
    """What it was shown."""


async def run(
    action: Action, subject: Subject, services: Services, on_text: Callable[[str], None] = lambda _text: None
) -> Outcome:
    """Ask the model and check its answer; `on_text` is told each piece of it.

    What can not be used is asked for once more with the reason told, then handed back as a failure with its text.
    Raises Refused and ProviderError; cancelling it ends the model's work.
    """
    text = subject.text
    reads_file = text.file and subject.scope != "repository"
    if reads_file and not await asyncio.to_thread(services.surroundings.may_be_read, Path(text.file)):
        raise Refused(f"{text.path} is a file that must not be read")
    model = services.models.model(action.role, language=text.language, path=text.file)
    material = await asyncio.to_thread(FORMS[action.answer].material, subject, services.surroundings)
    pieces = await _gathered(action, subject, model, services.gathering)
    try:
        return await _tried(action, subject, material, pieces, model, services, on_text)
    except NotAllowed:
        if not material.extras:
            raise
        bare = {**material.values, **dict.fromkeys(material.extras, "")}
        material = replace(material, values=bare, parts=())
        return await _tried(action, subject, material, pieces, model, services, on_text)


async def _gathered(
    action: Action, subject: Subject, model: ChatModel, gathering: Gathering | None
) -> Sequence[Piece]:
    """Return code of elsewhere that the model may see, the best last; none where the prompt does not use it."""
    if gathering is None or not any("context" in section.template for section in action.sections):
        return ()
    found = await gathering.pieces(
        subject, model.context_chars, around_chars(model.context_tokens, model.most_around)
    )
    allowed = await model.allowed([piece.part for piece in found], subject.text.root)
    return [piece for piece in found if piece.part in allowed]


async def _tried(
    action: Action,
    subject: Subject,
    material: Material,
    pieces: Sequence[Piece],
    model: ChatModel,
    services: Services,
    on_text: Callable[[str], None],
) -> Outcome:
    """Ask until an answer passes all checks, twice at the most."""
    values = await asyncio.to_thread(variables, subject, material, pieces)
    reason, answer = "", ""
    parts: tuple[Part, ...] = ()
    for number in range(_TRIES):
        asked = await asyncio.to_thread(fitted, action, values, model.context_tokens, reason, model.most_around)
        shown = pieces[len(pieces) - asked.pieces :]
        wanted = wish(asked, subject, material, shown, warm=number > 0)
        parts = wanted.parts
        answer = await answered(model, wanted, on_text, _ENOUGH.get(action.answer, _never))
        try:
            result = await _checked(Draft(action, subject, material, answer), services)
        except Unusable as error:
            reason = str(error)
            log.info("%s: the answer of %s %s", action.name, model.title, reason)
        else:
            return Outcome(model.title, result, answer=answer, parts=parts)
    return Outcome(model.title, failure=f"the answer of {model.title} {reason}", answer=answer, parts=parts)


def variables(subject: Subject, material: Material, pieces: Sequence[Piece] = ()) -> dict[str, Any]:
    """Return the values of all variables of templates; secrets are replaced in all that is code."""
    lines, definition = subject.text.lines, subject.definition
    before = "".join(lines[max(0, subject.first - _AROUND_LINES) : subject.first])[-_AROUND_CHARS:]
    after = "".join(lines[subject.last + 1 : subject.last + 1 + _AROUND_LINES])[:_AROUND_CHARS]
    told = [
        {"line": one.line - subject.first + 1, "message": redact(" ".join(one.message.split()))}
        for one in subject.diagnostics
    ]
    return {
        "code": redact(subject.code),
        "before": redact(_plain(before)),
        "after": redact(_plain(after)),
        "context": [piece.text for piece in pieces],
        "language": subject.text.language,
        "path": subject.text.path,
        "name": definition.name if definition else "",
        "signature": definition.signature if definition else "",
        "instruction": subject.instruction.text if subject.instruction else "",
        "diagnostics": told,
        **dict.fromkeys(("target", "framework", "imports", "example", "diff", "log"), ""),
        "parameters": [],
        **{name: redact(value) if name == "code" else value for name, value in material.values.items()},
    }


def wish(
    asked: Fitted, subject: Subject, material: Material, pieces: Sequence[Piece] = (), *, warm: bool = False
) -> Wish:
    """Return what the model is asked for, with all that is in it declared."""
    text = subject.text
    parts: list[Part] = [] if subject.scope == "repository" else [Part("code", text.file)]
    if subject.diagnostics:
        parts.append(Part("diagnostics", text.file))
    parts += [*material.parts, *(piece.part for piece in pieces)]
    return Wish(
        messages=asked.messages,
        max_tokens=asked.max_tokens,
        parts=tuple(dict.fromkeys(parts)),
        temperature=_WARMTH if warm else 0.0,
        repository=text.root,
    )


async def _checked(draft: Draft, services: Services) -> Result:
    """Return what an answer comes to, once all checks are passed. Raises Unusable."""
    action, subject = draft.action, draft.subject

    def found() -> Result:
        writes_code = action.answer in _CODE | {"comment"}
        answer = restored(draft.answer, subject.original) if writes_code else draft.answer
        result = FORMS[action.answer].result(replace(draft, answer=answer))
        check(subject, result, services.surroundings.lines_of, anywhere=action.answer in _ELSEWHERE)
        return result

    result = await asyncio.to_thread(found)
    if (match := copies(subject, result, services.copied)) is not None:
        raise Unusable(f"copies code that may not be copied: {match}")
    return result


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
