"""lsp-ai's prompt with its file store (`file_store.rs`), at its default of 1,024 tokens of 4 characters.

A model that fills in the middle gets half of that before the cursor and half after it; any other gets all of it
before. Where the document is shorter than 1,024 characters (it compares tokens with characters there), the heads
of the other open files come before it, up to that size.
"""

from __future__ import annotations

from benchmarks.quality.recipes.view import Parts, View

_TOKENS, _CHARS_A_TOKEN = 1024, 4


def lsp_ai(view: View) -> Parts:
    """Lay out the text around the cursor."""
    text, cursor = view.case.text, len(view.case.prefix)
    for visit in view.visits:
        needed = _TOKENS - len(text) - 1
        if needed <= 0:
            break
        head = visit.text[:needed] + "\n"
        text, cursor = head + text, cursor + len(head)
    chars = _TOKENS * _CHARS_A_TOKEN
    if not view.fim:
        return Parts((), text[max(0, cursor - chars) : cursor], "")
    return Parts((), text[max(0, cursor - chars // 2) : cursor], text[cursor : cursor + chars // 2])
