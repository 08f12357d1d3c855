"""What was cut and not yet put back, and what is around the place that a text was copied from."""

from __future__ import annotations

from collections.abc import Iterator

from ai_lsp.context.activity.clipboard import Clip, Clipboard
from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.activity.journal import bare
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.context.windows import shared, span_of, telling

_SOURCE = "recent_edits"
_CUT_SECONDS, _COPY_SECONDS = 120.0, 300.0
"""How long what was cut or copied is in mind."""
_MOST_LINES = 16
_ABOVE, _BELOW = 2, 8
"""Lines around the place that a text was copied from; what follows it is mostly wanted too."""
_NEAR_LINES = 40
"""How near the cursor a text was put in whose origin helps."""


def clips_for(clipboard: Clipboard, editor: Editor, query: Query, now: float) -> Iterator[Snippet]:
    """Return the texts that may be put in at a place, and what is around the origin of those put in near it."""
    names = telling(query.names)
    for clip in clipboard.cuts():
        if now - clip.time <= _CUT_SECONDS and editor.readable(clip.uri):
            text = "".join(f"{line}\n" for line in bare(clip.text.strip("\r\n").splitlines())[:_MOST_LINES])
            yield _snippet(editor, clip.uri, clip.line, text, _freshness(clip, now, _CUT_SECONDS))
    for copy in clipboard.copies(editor.documents):
        clip = copy.clip
        here = clip.uri == query.place.uri and abs(clip.line - query.place.line) <= _NEAR_LINES
        if here and now - clip.time <= _COPY_SECONDS and copy.uri in editor.documents:
            first = max(0, copy.line - _ABOVE)
            stop = min(copy.line + len(clip.text.splitlines()) + _BELOW, first + _MOST_LINES + _BELOW)
            text = "".join(f"{line}\n" for line in bare(editor.documents[copy.uri].lines[first:stop]))
            seen = span_of(query.place) if copy.uri == query.place.uri else (0, 0)
            if not (first < seen[1] and stop > seen[0]):
                score = _freshness(clip, now, _COPY_SECONDS) * (
                    0.5 + 0.5 * shared(names, set(telling(text.split())))
                )
                yield _snippet(editor, copy.uri, first, text, score)


def _freshness(clip: Clip, now: float, seconds: float) -> float:
    return 0.6 * max(0.0, 1 - (now - clip.time) / seconds)


def _snippet(editor: Editor, uri: str, line: int, text: str, score: float) -> Snippet:
    return Snippet(_SOURCE, editor.display_path(uri), text, score, line)
