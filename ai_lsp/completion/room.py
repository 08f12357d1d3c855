"""How long a window may grow for its prompts to fit into the KV, by how many tokens a document's text takes.

A prompt that does not fit is cut anew with nearly every line, each time somewhere else, and then all of it is
evaluated again. Python takes a token for 3.9 characters, TypeScript one for 3.0 (medians, SmolLM2's vocabulary).
"""

from __future__ import annotations

from dataclasses import replace

from ai_lsp.engine.encoding import SPARE_CELLS
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.options import CompletionOptions, Options

_USUAL = 3.5
"""Characters a token of a document that nothing was learned of yet."""
_USED = 0.96
"""The share of the rest that is planned for: what is typed next may take more tokens than what is there."""
_LEAST_CHARS = 1000
"""No window is shorter: rather make do with less context."""
_SAME = 0.03
"""A change of the density that is not worth moving windows for."""


class Room:
    """What is known of the documents' text; learned on any thread, asked for in the event loop."""

    def __init__(self) -> None:
        self._chars_per_token: dict[str, float] = {}

    def learn(self, uri: str, generation: Generation) -> None:
        """Take note of what a prompt of a document took."""
        found, known = generation.chars_per_token, self._chars_per_token.get(uri, 0.0)
        if found and abs(found - known) > _SAME * known:
            self._chars_per_token[uri] = found

    def windows(self, uri: str, options: Options, info: ModelInfo | None) -> CompletionOptions:
        """Return the options for windows of a document, with no more before the cursor than there is room for.

        For a model that reads what is after the cursor, too, prompts are cut by the engine.
        """
        completion = options.completion
        if info is None or info.fim:
            return completion
        tokens = _USED * (info.cells - completion.max_tokens - SPARE_CELLS)
        room = int(tokens * self._chars_per_token.get(uri, _USUAL)) - options.context.max_chars
        chars = min(completion.prefix_chars, max(room, _LEAST_CHARS))
        return completion if chars == completion.prefix_chars else replace(completion, prefix_chars=chars)

    def forget(self, uri: str) -> None:
        """Forget a document."""
        self._chars_per_token.pop(uri, None)
