"""From a place in a document to the prompts that the engine may choose from."""

from __future__ import annotations

from collections.abc import Sequence

from ai_lsp.completion.fim import Texts, layout_for
from ai_lsp.completion.place import Place
from ai_lsp.context.snippet import Snippet
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import Extra, Prompt, PromptChoice, Surroundings
from ai_lsp.syntax.comments import comment

_SUFFIX_SHARE = 0.25
"""Of a shortened prompt: how much of it may be text after the cursor."""
_LEAST_FOR_SUFFIX = 400
_LEAST_PREFIX = 1500
"""Characters before the cursor that a shortened prompt has before it has any context."""
_BLOCK = 8
"""Lines by which the start of a long prefix moves, so that the tokens after it mostly stay in the KV."""


def build(place: Place, info: ModelInfo, snippets: Sequence[Snippet] = ()) -> PromptChoice:
    """Return the prompt for `place`, with `snippets` before the file's own text, the best one last.

    Shorter forms drop lines far above the cursor, then the context, then the suffix.
    """
    layout = layout_for(info)
    path_line = comment(place.language, place.path) + "\n"
    context = tuple(render(snippet, place.language) for snippet in snippets)
    full = layout(Texts((*context, path_line), place.prefix, place.suffix), info.fim)

    def shorter(chars: int) -> Prompt:
        suffix_chars = int(chars * _SUFFIX_SHARE) if info.fim and chars >= _LEAST_FOR_SUFFIX else 0
        suffix = _first_lines(place.suffix, suffix_chars)
        left = max(0, chars - len(suffix))
        own = path_line if left >= 2 * len(path_line) else ""
        left -= len(own)
        files = _affordable(context, left - _LEAST_PREFIX)
        left -= sum(map(len, files))
        block = _BLOCK if left >= _LEAST_PREFIX else 1
        return layout(
            Texts((*files, own) if own else files, _last_lines(place.prefix, left, block), suffix), info.fim
        )

    extras = tuple(Extra(snippet.source, snippet.path, snippet.text) for snippet in snippets)
    around = Surroundings(place.uri, place.path, place.language, place.prefix, place.suffix, extras)
    return PromptChoice(full, shorter, around, window=place.window)


def render(snippet: Snippet, language: str) -> str:
    """Return a snippet as it stands in a prompt: raw, under a comment with its path in the document's language."""
    return f"{comment(language, snippet.path)}\n{snippet.text}"


def _affordable(context: tuple[str, ...], chars: int) -> tuple[str, ...]:
    """Return the best of `context`, which are its last, that fit into `chars`."""
    for count in range(len(context)):
        if sum(map(len, context[count:])) <= chars:
            return context[count:]
    return ()


def _last_lines(text: str, chars: int, block: int) -> str:
    """Return the last whole lines of `text` within `chars`, without a multiple of `block` lines at its start.

    The end of the last line where even that is longer.
    """
    if len(text) <= chars:
        return text
    start, line, least = 0, 0, len(text) - chars
    while start < least or line % block:
        newline = text.find("\n", start)
        if newline < 0 or newline == len(text) - 1:
            return text[least:] if block == 1 else _last_lines(text, chars, 1)
        start, line = newline + 1, line + 1
    return text[start:]


def _first_lines(text: str, chars: int) -> str:
    if len(text) <= chars:
        return text
    return text[: text.rfind("\n", 0, chars) + 1]
