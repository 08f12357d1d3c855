"""Which part of a document the model sees: a window whose start stays put while one types."""

from __future__ import annotations

from ai_lsp.completion.place import Place
from ai_lsp.documents import Document

_SHARE_AFTER_MOVE, _LEAST_SHARE = 0.6, 0.25
"""How much of the budget the prefix takes after the window moved, and below which it moves again."""
_NEARLY_FULL = 0.8
"""The share of the budget above which the next window is looked for."""
_REMEMBERED = 8


def place_at(
    document: Document, line: int, column: int, *, path: str, prefix_chars: int, suffix_chars: int
) -> Place:
    """Return the place at `line` and `column` (code points) of `document`.

    The prefix starts at one of the document's anchors, which move by blocks and not by lines, so that the
    tokens before the cursor's line keep their positions in the KV. The latest few are remembered for the way back.
    """
    line = max(0, min(line, len(document.lines) - 1))
    anchor = _anchor_for(document, line, prefix_chars)
    return _place(document, line, column, anchor, path, prefix_chars, suffix_chars)


def next_window(
    document: Document, line: int, column: int, *, path: str, prefix_chars: int, suffix_chars: int
) -> Place | None:
    """Return the place in the window that comes after the present one; None while that one has room.

    The window will start there once it moves, unless that is far from `line`.
    """
    if not document.anchors or not 0 <= line < len(document.lines):
        return None
    now = document.anchors[0]
    size = _size(document, now, line, prefix_chars)
    if size is None or size < _NEARLY_FULL * prefix_chars:
        return None
    found = next((other for other in document.anchors[1:] if now < other <= line), None)
    if found is None or not _serves(document, found, line, prefix_chars):
        found = _above(document, line, prefix_chars)
        document.anchors = [now, found, *document.anchors[1 : _REMEMBERED - 1]]
    return _place(document, line, column, found, path, prefix_chars, suffix_chars) if found > now else None


def _place(
    document: Document, line: int, column: int, anchor: int, path: str, prefix_chars: int, suffix_chars: int
) -> Place:
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


def _anchor_for(document: Document, line: int, prefix_chars: int) -> int:
    """Return the latest anchor that serves `line`, or a new one; either becomes the latest."""
    serving = (anchor for anchor in document.anchors if _serves(document, anchor, line, prefix_chars))
    anchor = next(serving, None)
    if anchor is None:
        anchor = _new_anchor(document, line, prefix_chars)
    others = [other for other in document.anchors if other != anchor]
    document.anchors = [anchor, *others[: _REMEMBERED - 1]]
    return anchor


def _serves(document: Document, anchor: int, line: int, prefix_chars: int) -> bool:
    """Whether a window that starts at `anchor` shows enough above `line` and has room for all of it."""
    size = _size(document, anchor, line, prefix_chars)
    return size is not None and (anchor == 0 or size >= _LEAST_SHARE * prefix_chars)


def _size(document: Document, anchor: int, line: int, prefix_chars: int) -> int | None:
    """Return the characters from `anchor` to the end of `line`; None when they are beyond the budget."""
    if not 0 <= line - anchor < prefix_chars:
        return None
    size = sum(map(len, document.lines[anchor : line + 1]))
    return size if size <= prefix_chars else None


def _new_anchor(document: Document, line: int, prefix_chars: int) -> int:
    """Return the start of the file where it is within the budget, else a line well within it."""
    if _size(document, 0, line, prefix_chars) is not None:
        return 0
    return _above(document, line, prefix_chars)


def _above(document: Document, line: int, prefix_chars: int) -> int:
    """Return the line with which a window begins that has room for what is typed at `line`."""
    left = int(prefix_chars * _SHARE_AFTER_MOVE)
    anchor = line
    while anchor > 0 and (left := left - len(document.lines[anchor - 1])) >= 0:
        anchor -= 1
    return anchor
