"""From a place in a document to the prompts that the engine may choose from."""

from __future__ import annotations

from ai_lsp.completion.fim import Texts, layout_for
from ai_lsp.completion.place import Place
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import Prompt, PromptChoice
from ai_lsp.syntax.comments import comment

_SUFFIX_SHARE = 0.25
"""Of a shortened prompt: how much of it may be text after the cursor."""
_LEAST_FOR_SUFFIX = 400


def build(place: Place, info: ModelInfo, context: str = "") -> PromptChoice:
    """Return the prompt for `place`, with `context` (whole lines) before the file's own text.

    Shorter forms drop the context first, then the suffix, then lines far above the cursor.
    """
    layout = layout_for(info)
    header = context + comment(place.language, place.path) + "\n"
    full = layout(Texts(header, place.prefix, place.suffix), info.fim)

    def shorter(chars: int) -> Prompt:
        suffix_chars = int(chars * _SUFFIX_SHARE) if info.fim and chars >= _LEAST_FOR_SUFFIX else 0
        suffix = _first_lines(place.suffix, suffix_chars)
        path_line = comment(place.language, place.path) + "\n"
        left = chars - len(suffix) - len(path_line)
        if left < len(path_line):
            path_line, left = "", chars - len(suffix)
        return layout(Texts(path_line, _last_lines(place.prefix, max(0, left)), suffix), info.fim)

    return PromptChoice(full, shorter)


def _last_lines(text: str, chars: int) -> str:
    """Return the last whole lines of `text` within `chars`; the end of the last line where even it is longer."""
    if len(text) <= chars:
        return text
    tail = text[len(text) - chars :]
    newline = tail.find("\n")
    return tail[newline + 1 :] if 0 <= newline < len(tail) - 1 else tail


def _first_lines(text: str, chars: int) -> str:
    if len(text) <= chars:
        return text
    return text[: text.rfind("\n", 0, chars) + 1]
