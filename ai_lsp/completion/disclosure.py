"""A trace as it may leave the process or be written: without what looks like a secret.

A model writes keys and passwords that it has learnt by heart. The filter `secrets` does not show them, but the
trace says what was not shown, and traces end up in logs, terminals and bug reports.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from ai_lsp.completion.place import Place
from ai_lsp.completion.trace import Trace
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.secrets import secret_spans
from ai_lsp.privacy.secrets import PLACEHOLDER, redact


def disclosed(trace: Trace) -> Trace:
    """Return `trace` with `PLACEHOLDER` in the place of secrets; what has none is as it was."""

    def hidden(text: str) -> str:
        return without_secrets(text, trace.place)

    return replace(
        trace,
        text=hidden(trace.text),
        alternatives=[hidden(text) for text in trace.alternatives],
        reason=redact(trace.reason),
        raw=hidden(trace.raw),
        retry=hidden(trace.retry),
        prompt=redact(trace.prompt),
        tokens=_tokens(trace.tokens, trace.place),
        decisions=[_decision(decision, trace.place) for decision in trace.decisions],
    )


def as_dict(trace: Trace) -> dict[str, Any]:
    """Return what may be known of `trace` as plain data, for JSON; prompt and place are left out."""
    plain = asdict(replace(disclosed(trace), place=None))
    del plain["prompt"], plain["place"]
    return plain


def in_a_line(trace: Trace) -> str:
    """Return what became of a request, for the log."""
    shown = disclosed(trace)
    verdicts = [f"{one.filter}: {one.reason}" for one in shown.decisions]
    return f"request {shown.id}: {shown.reason} {shown.text!r} {verdicts} {shown.stages}"


def without_secrets(text: str, place: Place | None) -> str:
    """Return what is suggested at `place` with `PLACEHOLDER` for each secret, also for one that begins before."""
    if place is None or not text:
        return redact(text)
    pieces, at = [], 0
    for start, end in secret_spans(text, place):
        pieces += [text[at : max(start, 0)], PLACEHOLDER]
        at = min(end, len(text))
    return redact("".join([*pieces, text[at:]]))


def _decision(decision: Decision, place: Place | None) -> Decision:
    offence = decision.offence
    if offence is not None:
        kept = without_secrets(offence.kept, place)
        whole = without_secrets(offence.kept + offence.start, place)
        offence = replace(offence, kept=kept, start=whole.removeprefix(kept) or PLACEHOLDER)
    text, reason = without_secrets(decision.text, place), redact(decision.reason)
    return replace(decision, text=text, reason=reason, offence=offence)


def _tokens(tokens: list[tuple[str, float]], place: Place | None) -> list[tuple[str, float]]:
    """Return `tokens` with a placeholder for each that a secret has a part in."""
    text = "".join(piece for piece, _ in tokens)
    if without_secrets(text, place) == text or place is None:
        return tokens
    found, shown, at = secret_spans(text, place), [], 0
    for piece, logprob in tokens:
        begin, at = at, at + len(piece)
        is_secret = any(begin < end and start < at for start, end in found)
        shown.append((PLACEHOLDER if is_secret else piece, logprob))
    return shown
