"""What a filter says about a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ai_lsp.completion.place import Place


@dataclass(frozen=True, slots=True)
class Offence:
    """What another try must not write: after `kept`, a text that begins as `start` does."""

    kept: str
    """What stands before the offence in the suggestion; the next try begins with it too."""
    start: str
    """The offending text from its first character on; never empty."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One filter's answer: the text that may be shown, and why it differs from the text that came in."""

    filter: str
    text: str
    """The text to go on with; empty when the suggestion is kept back."""
    reason: str = ""
    """Why the text was cut, changed or kept back; empty when the filter had nothing to say."""
    offence: Offence | None = None
    """What a veto objects to, where the model may well write something else there; None where it is no use."""

    @property
    def veto(self) -> bool:
        """Whether the suggestion is kept back."""
        return not self.text


Filter = Callable[[str, Place], Decision]
"""A filter: the suggestion's text and its place in, a decision out. Pure, and never raises.

It is a function, or an object that holds frozen configuration; its docstring's first line is its description.
"""
