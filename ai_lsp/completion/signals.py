"""What can be told at once of the moment in which a suggestion may be asked for.

`Signals` is all that the trigger decides by. It has no text of the document but the last character, so that it can
be kept and learned from: `dataclasses.asdict` makes plain JSON of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ai_lsp.completion.blocks import opens_doc
from ai_lsp.completion.place import Place
from ai_lsp.completion.standing import CODE, COMMENT, DOCSTRING, Standing, standing_at
from ai_lsp.completion.strokes import Stroke

NONE, CLOSING, TEXT, WORD = "none", "closing", "text", "word"
NEW, KNOWN, LITERAL, BEGUN = "new", "known", "literal", "begun"

# Copilot asks within a line only where closing punctuation is all that follows, a block's start included.
_CLOSING_REST = re.compile(r"""[\s)\]}>"'`;:,]*\{?\s*|\s*\*/\s*""")
_LAST_WORD = re.compile(r"[\w$]+\Z")
_WORD = re.compile(r"[\w$]+")
_LITERALS = re.compile(r"\d[\w.]*|true|false|null|nil|None|True|False|pass|break|continue|end")
_OFTEN = 2
"""How often a name must be there to be taken for itself, where longer names begin so too."""
_NEAR_CHARS = 6000
"""How far around the cursor a name is looked for."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The facts about one moment; every one is cheap, and none needs the model."""

    language: str = ""
    last: str = ""
    """The character before the cursor; empty at the start of a line."""
    blank: bool = False
    """Whether only white space is before the cursor in its line."""
    rest: str = NONE
    """What follows in the line: `NONE`, `CLOSING` signs, `TEXT`, or the rest of a `WORD`."""
    within: str = CODE
    """`CODE`, `COMMENT`, `STRING` or `DOCSTRING`."""
    opened: bool = False
    """Whether that comment or docstring documents something and has nothing in it yet."""
    whole: bool = False
    """Whether a whole statement ends at the cursor."""
    word: str = ""
    """The word before the cursor: `NEW` to the file, `KNOWN`, `BEGUN` when longer ones begin so, a `LITERAL`."""
    line_chars: int = 0
    document_chars: int = 0
    """Within the windows around the cursor."""
    document_bytes: int = 0
    read_only: bool = False
    generated: bool = False
    popup: bool = False
    """Whether the editor's menu of completions is open with an item selected."""
    stroke: str = ""
    """What the latest change was, as in `strokes`; empty when there was none just before."""
    stroke_here: bool = False
    """Whether that change ended at the cursor."""
    gap_ms: float | None = None
    """Between the latest two changes."""
    cursors: int = 1
    accepted: int = 0
    """Suggestions accepted in a row, up to now."""
    rejected: int = 0
    """Suggestions seen and not taken in a row, up to now."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What became of the latest suggestions, and what is known of the file; all that text and tree do not say."""

    popup: bool = False
    read_only: bool = False
    generated: bool = False
    accepted: int = 0
    rejected: int = 0


def signals_at(
    place: Place,
    standing: Standing | None = None,
    *,
    document_bytes: int = 0,
    stroke: Stroke | None = None,
    habits: Habits | None = None,
) -> Signals:
    """Return the signals of a place; without its `standing` that is told by the text before the cursor."""
    before, habits = place.line_before, habits or Habits()
    column = len(before)
    standing = standing or standing_at(place)
    return Signals(
        language=place.language,
        last=before[-1:],
        blank=not before.strip(),
        rest=_rest(place.line_after),
        within=standing.within,
        opened=_opens(place, standing),
        whole=standing.whole,
        word=_word(place),
        line_chars=column + len(place.line_after),
        document_chars=len(place.prefix) + len(place.suffix),
        document_bytes=document_bytes,
        read_only=habits.read_only,
        generated=habits.generated,
        popup=habits.popup,
        stroke=stroke.kind if stroke else "",
        stroke_here=stroke is not None and stroke.end == (place.line, column),
        gap_ms=round(stroke.gap * 1000, 1) if stroke is not None and stroke.gap is not None else None,
        cursors=stroke.cursors if stroke else 1,
        accepted=habits.accepted,
        rejected=habits.rejected,
    )


def standing_so(signals: Signals, place: Place, standing: Standing) -> Signals:
    """Return the `signals` of a place, of which it is better known now what the cursor stands in."""
    return replace(signals, within=standing.within, opened=_opens(place, standing), whole=standing.whole)


def _opens(place: Place, standing: Standing) -> bool:
    return standing.within in (COMMENT, DOCSTRING) and opens_doc(place)


def _rest(after: str) -> str:
    if not after.strip():
        return NONE
    if after[0].isalnum() or after[0] == "_":
        return WORD
    return CLOSING if _CLOSING_REST.fullmatch(after) else TEXT


def _beginning(word: str, text: str) -> Iterator[str]:
    """Yield the words of `text` that begin with `word`; an expression for it would take as long to compile."""
    at = text.find(word)
    while at >= 0:
        if not (at and _WORD.match(text[at - 1])) and (found := _WORD.match(text, at)):
            yield found[0]
        at = text.find(word, at + len(word))


def _word(place: Place) -> str:
    """Tell whether the word before the cursor looks finished, by the other words of the file."""
    found = _LAST_WORD.search(place.line_before)
    if found is None:
        return ""
    word = found[0]
    if _LITERALS.fullmatch(word):
        return LITERAL
    text = place.prefix[-_NEAR_CHARS : -len(word)] + " " + place.suffix[:_NEAR_CHARS]
    others = list(_beginning(word, text))
    same = others.count(word)
    if same >= _OFTEN or (same and same == len(others)):
        return KNOWN
    return BEGUN if others else NEW
