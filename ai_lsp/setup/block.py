"""One block of ours in a file of somebody else's, between two lines that mark it. Pure text."""

from __future__ import annotations

import difflib

BEGIN = ">>> ai-lsp: written by `ai-lsp setup`, taken out by `ai-lsp setup --undo` >>>"
END = "<<< ai-lsp <<<"


def put(text: str, block: str, comment: str) -> str:
    """Return `text` with the block at its end, or in the place of the one that is there.

    `comment` starts a comment line in the file's language.
    """
    ours = f"{comment} {BEGIN}\n{block.strip()}\n{comment} {END}\n"
    before, found, after = _split(text, comment)
    if found:
        return before + ours + after
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return text + gap + ours


def take_out(text: str, comment: str) -> str:
    """Return `text` without the block, and without the empty line that `put` set before it."""
    before, found, after = _split(text, comment)
    if not found:
        return text
    return before.removesuffix("\n") + after if before.endswith("\n\n") else before + after


def without(text: str, comment: str) -> str:
    """Return what others have written: `text` without our block."""
    before, _, after = _split(text, comment)
    return before + after


def diff(old: str, new: str, path: str) -> str:
    """Return the change as a unified diff; empty for none."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), path, path, lineterm="")
    return "\n".join(lines)


def _split(text: str, comment: str) -> tuple[str, bool, str]:
    """Return what is before and after the block; all of it is before it where there is none."""
    before, begin, rest = text.partition(f"{comment} {BEGIN}\n")
    _, end, after = rest.partition(f"{comment} {END}\n")
    return (before, True, after) if begin and end else (text, False, "")
