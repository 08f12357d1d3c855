"""Which part of a document the model sees: a window whose start stays put while one types."""

from __future__ import annotations

from ai_lsp.completion.place import Place
from ai_lsp.documents import Document

_SHARE_AFTER_MOVE = 0.6
"""How much of the budget the prefix takes after the window moved; the rest is room to type before it moves."""


def place_at(
    document: Document, line: int, column: int, *, path: str, prefix_chars: int, suffix_chars: int
) -> Place:
    """Return the place at `line` and `column` (code points) of `document`.

    The prefix starts at the document's anchor line, which moves by blocks and not by lines, so that the tokens
    before the cursor's line keep their positions in the KV.
    """
    line = max(0, min(line, len(document.lines) - 1))
    anchor = document.anchor_line
    if anchor is None or not _holds(document, anchor, line, prefix_chars):
        anchor = document.anchor_line = _new_anchor(document, line, prefix_chars)
    prefix, suffix = document.window(line, column, prefix_chars, suffix_chars, anchor)
    return Place(
        uri=document.uri,
        path=path,
        language=document.language_id or "plaintext",
        version=document.version or 0,
        prefix=prefix,
        suffix=suffix,
        line=line,
    )


def _holds(document: Document, anchor: int, line: int, prefix_chars: int) -> bool:
    """Whether a window that starts at `anchor` reaches `line` and leaves room for one more such line."""
    if not 0 <= line - anchor < prefix_chars:
        return False
    return sum(map(len, document.lines[anchor : line + 1])) <= prefix_chars


def _new_anchor(document: Document, line: int, prefix_chars: int) -> int:
    """Return the start of the file where it is within the budget, else a line well within it."""
    if _holds(document, 0, line, prefix_chars):
        return 0
    left = int(prefix_chars * _SHARE_AFTER_MOVE)
    anchor = line
    while anchor > 0 and (left := left - len(document.lines[anchor - 1])) >= 0:
        anchor -= 1
    return anchor
