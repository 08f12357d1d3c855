"""Whether what the filters left is shown, and what is on screen already and stays."""

from __future__ import annotations

from ai_lsp.completion.place import Place
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trace import Trace
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.gate import Gate
from ai_lsp.filters.tokens import spelling

_TAIL = 400
"""Characters by which a text before the cursor, with the suggestion in it, is known again."""


class Showing:
    """The latest suggestion of each document."""

    def __init__(self) -> None:
        self._tails: dict[str, str] = {}

    def doubt(self, gate: Gate, model: str, place: Place, text: str, trace: Trace) -> Decision | None:
        """Return the gate's veto of `text`, if it has one, and note in `trace` how probably the text is right.

        What was asked for by hand is shown all the same, and so is what is being typed through: a suggestion does
        not go away while it comes true.
        """
        tokens = spelling(trace.tokens, text)
        trace.right_probability = gate.probability(model, text, tokens, trace.signals or Signals())
        if trace.manual or self._tails.get(place.uri) == _tail(place, text):
            return None
        return gate.doubt(trace.right_probability)

    def shown(self, place: Place, text: str) -> None:
        """Take note of what is shown now."""
        self._tails[place.uri] = _tail(place, text)

    def forget(self, uri: str) -> None:
        """Forget a document."""
        self._tails.pop(uri, None)


def _tail(place: Place, text: str) -> str:
    return (place.prefix + text)[-_TAIL:]
