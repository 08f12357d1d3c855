"""Whether the model is asked at all: rules on what is known of the moment, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from ai_lsp.completion import strokes
from ai_lsp.completion.place import Place
from ai_lsp.completion.signals import BEGUN, NEW, TEXT, WORD, Signals
from ai_lsp.completion.standing import CODE, COMMENT, DOCSTRING, STRING

_LEAST_TEXT = 10
"""Characters a document must have; Copilot's MIN_PROMPT_CHARS."""
_REJECTIONS = 3
"""Suggestions seen and not taken in a row after which one step less is suggested."""


class Action(str, Enum):
    """What to do about a request."""

    ASK = "ask"
    WAIT = "wait"
    """Ask, and show nothing until the keys pause."""
    SILENT = "silent"


class Step(Enum):
    """How eager the server is, as `completion.aggressiveness` says it."""

    MANUAL = 0
    CALM = 1
    NORMAL = 2
    EAGER = 3


STEPS = tuple(step.name.lower() for step in Step)
"""The values of `completion.aggressiveness`."""

REASONS: dict[str, tuple[Action, str]] = {
    "by_hand": (Action.ASK, "it was asked for by hand"),
    "manual_only": (Action.SILENT, "suggestions come only when they are asked for"),
    "language_off": (Action.SILENT, "suggestions are off for {}"),
    "glob_off": (Action.SILENT, "suggestions are off for {}"),
    "large_document": (Action.SILENT, "the document is larger than {} bytes"),
    "long_line": (Action.SILENT, "the line is longer than {} characters"),
    "read_only": (Action.SILENT, "the file cannot be written"),
    "generated": (Action.SILENT, "the file is written by a program"),
    "empty_document": (Action.SILENT, "the document is nearly empty"),
    "several_cursors": (Action.SILENT, "several cursors are typing"),
    "in_word": (Action.SILENT, "the cursor is within a word"),
    "in_comment": (Action.SILENT, "the cursor is in a comment"),
    "in_string": (Action.SILENT, "the cursor is in a string"),
    "text_after": (Action.SILENT, "there is text after the cursor"),
    "finished": (Action.SILENT, "the statement is finished"),
    "popup": (Action.SILENT, "the editor's own menu is open"),
    "pasted": (Action.WAIT, "text was just pasted"),
    "macro": (Action.WAIT, "keys come faster than anyone types"),
    "deleted": (Action.WAIT, "text was just deleted"),
    "undone": (Action.WAIT, "an edit was just undone"),
    "rejections": (Action.WAIT, "the last suggestions were not taken"),
    "calm": (Action.WAIT, "suggestions come when the keys pause"),
    "documents": (Action.ASK, "a docstring or comment that documents something was just opened"),
    "new_line": (Action.ASK, "the line is blank"),
    "word": (Action.ASK, "a word is being typed"),
    "goes_on": (Action.ASK, "the statement goes on"),
}
"""Every reason by its name: what follows from it, and how it is said."""
_WAITS = {
    strokes.PASTED: "pasted",
    strokes.MACRO: "macro",
    strokes.DELETED: "deleted",
    strokes.UNDONE: "undone",
}
_ABOUT_THE_PLACE = frozenset({"finished", "in_comment", "in_string"})
_ELSEWHERE = frozenset({"text_after", "popup"})
"""Reasons that count where none of `_ABOUT_THE_PLACE` does."""


@dataclass(frozen=True, slots=True)
class TriggerRules:
    """Where suggestions are not wanted unless they are asked for by hand."""

    aggressiveness: str = "normal"
    """One of `STEPS`."""
    in_comments: bool = False
    in_strings: bool = True
    languages_off: tuple[str, ...] = ()
    """The client's language ids."""
    globs_off: tuple[str, ...] = ()
    """Patterns for `Place.path` as `matches_glob` reads them, such as ``*.env``, ``secrets/**`` or ``build/``."""
    max_file_bytes: int = 2_000_000
    max_line_chars: int = 1_000


@dataclass(frozen=True, slots=True)
class Trigger:
    """What to do about a request, and why."""

    action: Action
    name: str
    """One of `REASONS`."""
    reason: str
    """The reason in words."""

    @property
    def allows_cached(self) -> bool:
        """Whether a suggestion that is being typed through may stay: where only a new one would be in the way."""
        return self.action is not Action.SILENT or self.name in _ABOUT_THE_PLACE

    @property
    def is_sure(self) -> bool:
        """Whether `allows_cached` is the same whatever the cursor stands in."""
        return self.name not in _ELSEWHERE


def trigger(place: Place, signals: Signals, *, manual: bool, rules: TriggerRules) -> Trigger:
    """Decide on one request; `manual` is a request by hand, which is always asked.

    Suggestions that were seen and not taken `_REJECTIONS` times in a row make it one step calmer, but not silent.
    """
    if manual:
        return _because("by_hand")
    step = Step[rules.aggressiveness.upper()]
    tired = signals.rejected >= _REJECTIONS and step in (Step.NORMAL, Step.EAGER)
    step = Step(step.value - 1) if tired else step
    return (
        _switched_off(place, signals, rules, step)
        or _bad_place(signals, rules, step)
        or _hold(signals, step, tired)
        or _because(_inviting(signals))
    )


def _because(name: str, what: object = "") -> Trigger:
    action, reason = REASONS[name]
    return Trigger(action, name, reason.format(what))


def _switched_off(place: Place, signals: Signals, rules: TriggerRules, step: Step) -> Trigger | None:
    if step is Step.MANUAL:
        return _because("manual_only")
    if place.language in rules.languages_off:
        return _because("language_off", place.language)
    for glob in rules.globs_off:
        if matches_glob(place.path, glob):
            return _because("glob_off", glob)
    if signals.document_bytes > rules.max_file_bytes:
        return _because("large_document", rules.max_file_bytes)
    if signals.line_chars > rules.max_line_chars:
        return _because("long_line", rules.max_line_chars)
    if signals.read_only:
        return _because("read_only")
    return _because("generated") if signals.generated else None


def _bad_place(signals: Signals, rules: TriggerRules, step: Step) -> Trigger | None:
    name = ""
    if signals.document_chars < _LEAST_TEXT:
        name = "empty_document"
    elif signals.cursors > 1:
        name = "several_cursors"
    elif signals.rest == WORD:
        name = "in_word"
    elif signals.within in (COMMENT, DOCSTRING) and not rules.in_comments:
        name = "" if signals.opened and step is not Step.CALM else "in_comment"
    elif signals.within == STRING and not rules.in_strings:
        name = "in_string"
    elif signals.rest == TEXT and step is not Step.EAGER:
        name = "text_after"
    elif signals.popup and step is Step.CALM:
        name = "popup"
    elif is_finished(signals) and step is not Step.EAGER:
        name = "finished"
    return _because(name) if name else None


def is_finished(signals: Signals) -> bool:
    """Whether a statement is whole and nobody seems to go on with it: its last word is no beginning of another."""
    return signals.whole and signals.word not in (NEW, BEGUN)


def _hold(signals: Signals, step: Step, tired: bool) -> Trigger | None:
    if signals.stroke in _WAITS and (step is not Step.EAGER or signals.stroke in (strokes.PASTED, strokes.MACRO)):
        return _because(_WAITS[signals.stroke])
    if step is Step.CALM:
        return _because("rejections" if tired else "calm")
    return None


def _inviting(signals: Signals) -> str:
    if signals.opened:
        return "documents"
    if signals.blank:
        return "new_line"
    return "word" if signals.word and signals.within == CODE else "goes_on"


def matches_glob(path: str, glob: str) -> bool:
    """Whether `path`, with ``/`` between its parts, or a part of it below any folder matches `glob`.

    As in a .gitignore file, a pattern without a leading ``/`` counts at any depth and one that ends in ``/`` is
    a folder with all in it; unlike there, ``*`` also stands for ``/``.
    """
    path = "/" + path.replace("\\", "/").lstrip("/")
    if glob.endswith("/"):
        glob += "*"
    anchored = glob if glob.startswith("/") else f"*/{glob.removeprefix('**/')}"
    return fnmatchcase(path, anchored)
