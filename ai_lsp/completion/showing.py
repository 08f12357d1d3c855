"""What of the model's text is shown: what filters and gate let through, and what is on screen and stays."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ai_lsp.completion.place import Place
from ai_lsp.completion.request import Request, Settings
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.turns import Silence
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.filters.chain import Chain
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.gate import NAME, Gate
from ai_lsp.filters.tallies import Turn
from ai_lsp.filters.tokens import spelling

_TAIL = 400
"""Characters by which a text before the cursor, with the suggestion in it, is known again."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the filters left of a text that the model wrote."""

    chain: Chain
    raw: str
    left: str
    decisions: tuple[Decision, ...]
    tail: str
    after: str

    @classmethod
    def of(cls, chain: Chain, raw: str, place: Place) -> _Judged:
        left, decisions = chain.run(raw, place)
        return cls(chain, raw, left, tuple(decisions), _tail(place, raw), place.suffix[:_TAIL])

    def typed(self, chain: Chain, raw: str, place: Place) -> int | None:
        """Return how many characters of it were typed since, where `raw` is the rest of it; None where it is not.

        A key that agrees with a text makes the same file of it, so that it is judged once.
        """
        count = len(self.raw) - len(raw)
        same = (
            0 <= count < len(self.left)
            and self.chain is chain
            and self.raw.startswith(self.left)
            and self.raw.endswith(raw)
            and self.after == place.suffix[:_TAIL]
            and self.tail == _tail(place, raw)
        )
        return count if same else None


class Showing:
    """Remembers the latest suggestion of each document."""

    def __init__(self) -> None:
        self._tails: dict[str, str] = {}
        self._judged: dict[str, _Judged] = {}

    def asked(self, request: Request, settings: Settings) -> None:
        """Take note that somebody is at a place; what was rejected there may come again when it is asked for."""
        if request.signals is None or not request.signals.popup:  # a menu's item is not typed
            settings.rejections.moved(request.place)
        if request.manual:
            settings.rejections.forgive(request.place)

    def filtered(self, raw: str, place: Place, trace: Trace, settings: Settings, model: ModelInfo | None) -> str:
        """Return what is shown of `raw`, which `model` wrote, and note in `trace` what was decided.

        Raises `Silence` with the reason of a veto.
        """
        with trace.stage("filters"):
            text, decisions = self._left(raw, place, settings)
            trace.decisions += decisions
            if text and settings.gate is not None and model is not None:
                start = time.perf_counter()
                doubt = self._doubt(settings.gate, model, text, place, trace)
                ms = (time.perf_counter() - start) * 1000
                settings.filters.tallies.add({NAME: Turn(ran=True, vetoed=doubt is not None, ms=ms)})
                if doubt is not None:
                    trace.decisions.append(doubt)
                    text = ""
        if not text:
            last = trace.decisions[-1]
            raise Silence(f"{last.filter}: {last.reason}")
        self._shows(text, trace, place, settings)
        return text

    def shows(self, trace: Trace, place: Place, settings: Settings) -> None:
        """Take note that another text than the first one is shown now."""
        self._shows(trace.text, trace, place, settings)

    def forget(self, uri: str) -> None:
        """Forget a document."""
        self._tails.pop(uri, None)
        self._judged.pop(uri, None)

    def _left(self, raw: str, place: Place, settings: Settings) -> tuple[str, list[Decision]]:
        """Return what the filters leave of `raw`, and what they decided."""
        known = self._judged.get(place.uri)
        typed = known.typed(settings.filters, raw, place) if known is not None else None
        if known is None or typed is None or settings.rejections.at(place):
            known, typed = _Judged.of(settings.filters, raw, place), 0
            self._judged[place.uri] = known
        return known.left[typed:], [replace(one, text=one.text[typed:]) for one in known.decisions]

    def _shows(self, text: str, trace: Trace, place: Place, settings: Settings) -> None:
        self._tails[place.uri] = _tail(place, text)
        if trace.signals is None or not trace.signals.popup:
            settings.rejections.showed(place, text)

    def _doubt(self, gate: Gate, model: ModelInfo, text: str, place: Place, trace: Trace) -> Decision | None:
        """Return the gate's veto of `text`, if it has one.

        What was asked for by hand is shown all the same, and so is what is being typed through: a suggestion does
        not go away while it comes true.
        """
        tokens = spelling(trace.tokens, text)
        probability = gate.probability(trace.model or model.name, text, tokens, trace.signals or Signals())
        trace.right_probability = probability
        if trace.manual or self._tails.get(place.uri) == _tail(place, text):
            return None
        return gate.doubt(probability)


def _tail(place: Place, text: str) -> str:
    return (place.prefix + text)[-_TAIL:]
