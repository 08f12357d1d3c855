"""Blocks around a cursor, told from the text alone: what opens one, what closes it, whether it is empty."""

from __future__ import annotations

import re

from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import comment_signs, has_block_comments
from ai_lsp.filters.lines import above, below, width

_LINES_ABOVE = 60
_COLON = frozenset({"python", "nim", "gdscript", "coffeescript"})
_PYTHON_HEAD = re.compile(
    r"\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b.*:$"
)
_ENDS = re.compile(r"(?:[{(\[]|=>|->|\b(?:do|then|else|begin|repeat|where)|\bdo \|[^|]*\|)$")
_HEADS = {
    "ruby": re.compile(r"\s*(?:def|class|module|if|unless|while|until|case|when|begin|for)\b(?!.*\bend$)"),
    "lua": re.compile(r"\s*(?:local\s+)?(?:function\b.*\)|.*=\s*function\s*\(.*\))$"),
}
_HEADS["crystal"] = _HEADS["ruby"]
_CLOSING_SIGNS = re.compile(r"[)\]}]+[;,]*")
_END_WORDS = {
    **dict.fromkeys(("ruby", "crystal", "lua", "elixir", "julia", "matlab"), ("end",)),
    **dict.fromkeys(("shellscript", "sh", "bash", "zsh"), ("fi", "done", "esac")),
}
_DOC_START = re.compile(r"""\s*(?:[rRuU]?(?:\"{3}|'{3})|/\*\*+|///|//!|\(\*\*)\s*""")
_DOC_QUOTES = ('"""', "'''")


def closing(line: str, language: str) -> int:
    """How many characters at the start of `line` close a block; 0 when it does not."""
    if found := _CLOSING_SIGNS.match(line):
        return found.end()
    words = _END_WORDS.get(language, ())
    return next((len(word) for word in words if re.match(rf"{word}\b", line)), 0)


def may_close(line: str, language: str) -> bool:
    """Whether `line`, still being written, is the start of a word that closes a block."""
    return any(word.startswith(line) for word in _END_WORDS.get(language, ()))


def opens(line: str, language: str) -> bool:
    """Whether `line`, a comment at its end aside, opens a block."""
    code = _without_comment(line, language)
    if language in _COLON and code.endswith(":"):
        # Not a slice, a lambda or the key of a dictionary.
        return language != "python" or _PYTHON_HEAD.match(code) is not None
    head = _HEADS.get(language)
    return _ENDS.search(code) is not None or (head is not None and head.match(code) is not None)


def opener(place: Place) -> str | None:
    """The line that opens the block which starts at the cursor; comments and a docstring may stand between."""
    if place.line_before.strip():
        code = _without_comment(place.line_before, place.language)
        # An open `(` asks for an argument, not for a block.
        is_block = code.endswith(("{", ":")) and opens(place.line_before, place.language)
        return place.line_before if is_block else None
    lines = above(place, _LINES_ABOVE)
    _drop_comments(lines, place.language)
    if lines and not opens(lines[-1], place.language):
        _drop_docstring(lines)
        _drop_comments(lines, place.language)
    return lines[-1] if lines and opens(lines[-1], place.language) else None


def is_empty_block(place: Place, inside: str) -> bool:
    """Whether the cursor is where the body of an empty block goes; `inside` as in `Scan.inside`."""
    if inside or place.line_after.strip():
        return False
    head = opener(place)
    if head is None:
        return False
    lines = below(place, 1)
    return not lines or width(lines[0]) <= width(head)


def opens_doc(place: Place) -> bool:
    """Whether a docstring, or a comment that documents, begins in the cursor's line, still without any text."""
    if not _DOC_START.fullmatch(place.line_before) or place.line_after.strip(" \t\"'*/)"):
        return False
    lines = above(place, 1)
    return not lines or not lines[0].lstrip().startswith((*comment_signs(place.language), "*"))


def closer_column(place: Place) -> int | None:
    """The columns before the line that has to close the block which starts at the cursor.

    None when no block starts there, when it ends by indentation alone, and when the suffix has that line.
    """
    head = opener(place)
    if head is None or _without_comment(head, place.language).endswith(":"):
        return None
    lines = below(place, 1)
    if lines and closing(lines[0].lstrip(), place.language) and width(lines[0]) >= width(head):
        return None
    return width(head)


def _without_comment(line: str, language: str) -> str:
    for sign in comment_signs(language):
        line = re.sub(rf"(?:^|\s){re.escape(sign)}.*$", "", line)
    return line.rstrip()


def _is_comment(line: str, language: str) -> bool:
    signs = comment_signs(language) + (("/*", "*") if has_block_comments(language) else ())
    return line.lstrip().startswith(signs)


def _drop_comments(lines: list[str], language: str) -> None:
    while lines and _is_comment(lines[-1], language):
        lines.pop()


def _drop_docstring(lines: list[str]) -> None:
    quote = next((quote for quote in _DOC_QUOTES if lines and lines[-1].endswith(quote)), "")
    if not quote:
        return
    if lines.pop().count(quote) < 2:
        while lines and quote not in lines.pop():
            pass
