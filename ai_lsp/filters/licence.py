"""Suggestions that copy code under a licence that the user does not allow."""

from __future__ import annotations

from collections.abc import Callable

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision, Filter
from ai_lsp.licences.match import Match

Copied = Callable[[str, Place], "Match | None"]
"""Returns the passage that a suggestion copies or completes at a place, None where it copies nothing."""


def nothing(*_: object) -> None:
    """Answer for an index that is not there."""


def licence_filter(copied: Copied) -> Filter:
    """Return the filter that asks `copied`."""

    def licence(text: str, place: Place) -> Decision:
        """Keeps back what copies code under a licence that is not allowed."""
        match = copied(text, place)
        return Decision("licence", text) if match is None else Decision("licence", "", str(match))

    return licence
