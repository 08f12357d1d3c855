"""Whether the model is asked at all: cheap rules on the text around the cursor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import comment_signs

_LEAST_TEXT = 10
"""Characters a document must have; Copilot's MIN_PROMPT_CHARS."""
# Copilot asks within a line only where closing punctuation is all that follows, a block's start included.
_CLOSING_REST = re.compile(r"""[\s)\]}>"'`;:,]*\{?\s*""")
_LONE_CLOSERS = re.compile(r"\s*[)\]}]+[;,]?\s*")


@dataclass(frozen=True, slots=True)
class TriggerRules:
    """Where suggestions are not wanted unless they are asked for by hand."""

    languages_off: tuple[str, ...] = ()
    """The client's language ids."""
    globs_off: tuple[str, ...] = ()
    """Patterns for `Place.path` as `matches_glob` reads them, such as ``*.env``, ``secrets/**`` or ``build/``."""
    max_file_bytes: int = 2_000_000
    max_line_chars: int = 1_000


@dataclass(frozen=True, slots=True)
class Trigger:
    """Whether to ask, and if not, why."""

    ask: bool
    reason: str = ""


def trigger(
    place: Place, *, manual: bool, rules: TriggerRules, document_bytes: int = 0, selected: bool = False
) -> Trigger:
    """Decides on one request.

    `manual` is a request by hand, which is always asked; `document_bytes` is the document's size and `selected`
    whether text is selected.
    """
    if manual:
        return Trigger(True)
    reason = _switched_off(place, rules, document_bytes) or _bad_place(place, selected)
    return Trigger(not reason, reason)


def _switched_off(place: Place, rules: TriggerRules, document_bytes: int) -> str:
    if place.language in rules.languages_off:
        return f"suggestions are off for {place.language}"
    for glob in rules.globs_off:
        if matches_glob(place.path, glob):
            return f"suggestions are off for {glob}"
    if document_bytes > rules.max_file_bytes:
        return f"the document is larger than {rules.max_file_bytes} bytes"
    if len(place.line_before) + len(place.line_after) > rules.max_line_chars:
        return f"the line is longer than {rules.max_line_chars} characters"
    return ""


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


def _bad_place(place: Place, selected: bool) -> str:
    if selected:
        return "text is selected"
    if len(place.prefix) + len(place.suffix) < _LEAST_TEXT:
        return "the document is nearly empty"
    after = place.line_after[:1]
    if after.isalnum() or after == "_":
        return "the cursor is within a word"
    if not _CLOSING_REST.fullmatch(place.line_after):
        return "there is text after the cursor"
    return "the statement is finished" if _is_finished(place) else ""


def _is_finished(place: Place) -> bool:
    line = place.line_before.rstrip()
    if _LONE_CLOSERS.fullmatch(line):
        return True
    # The head of a for loop goes on after its semicolons, and in Lisp one starts a comment.
    return line.endswith(";") and line.count("(") <= line.count(")") and ";" not in comment_signs(place.language)
