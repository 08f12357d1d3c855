"""The filters in their order, and the one way to run them."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Collection

from ai_lsp.completion.place import Place
from ai_lsp.filters.blank import blank
from ai_lsp.filters.brackets import brackets
from ai_lsp.filters.decision import Decision, Filter
from ai_lsp.filters.fence import fence
from ai_lsp.filters.fim_tokens import fim_tokens
from ai_lsp.filters.indentation import indentation
from ai_lsp.filters.overlap import overlap
from ai_lsp.filters.repetition import repetition

log = logging.getLogger(__name__)

FILTERS: dict[str, Filter] = {
    "fim_tokens": fim_tokens,
    "fence": fence,
    "blank": blank,
    "repetition": repetition,
    "overlap": overlap,
    "brackets": brackets,
    "indentation": indentation,
}
"""Every filter by the name that configuration and decisions use, in the order in which they run."""

_MOST_PASSES = 10


def description(name: str) -> str:
    """What the filter `name` does, in one line. Raises KeyError for a name that is not in FILTERS."""
    return (inspect.getdoc(FILTERS[name]) or "").partition("\n")[0]


def run(text: str, place: Place, off: Collection[str] = ()) -> tuple[str, list[Decision]]:
    """Runs every filter that `off` does not name; empty text out means that nothing may be shown.

    One filter's cut can lay bare what an earlier one looks for, so the chain runs until nothing changes, which
    also makes a second run of it change nothing. Only decisions that changed or kept back the text come out,
    in the order they were made.
    """
    decisions: list[Decision] = []
    for _ in range(_MOST_PASSES):
        before = text
        for name in FILTERS:
            if name in off:
                continue
            decision = _decide(name, text, place)
            if decision.text != text or decision.veto:
                decisions.append(decision)
            text = decision.text
            if decision.veto:
                return "", decisions
        if text == before:
            break
    return text, decisions


def _decide(name: str, text: str, place: Place) -> Decision:
    try:
        return FILTERS[name](text, place)
    except Exception:
        log.exception("The filter %s failed and was passed over", name)
        return Decision(name, text)
