"""What a filter says about a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ai_lsp.completion.place import Place


@dataclass(frozen=True, slots=True)
class Decision:
    """One filter's answer: the text that may be shown, and why it differs from the text that came in."""

    filter: str
    text: str
    """The text to go on with; empty when the suggestion is kept back."""
    reason: str = ""
    """Why the text was cut, changed or kept back; empty when the filter had nothing to say."""

    @property
    def veto(self) -> bool:
        """Whether the suggestion is kept back."""
        return not self.text


Filter = Callable[[str, Place], Decision]
"""A filter: the suggestion's text and its place in, a decision out. Pure, and never raises."""
