"""How a suggestion came about, as Markdown for an editor's window."""

from __future__ import annotations

from ai_lsp.completion.disclosure import disclosed
from ai_lsp.completion.trace import STAGES, Trace
from ai_lsp.completion.trigger import REASONS


def explained(trace: Trace) -> str:
    """Return what is known of a suggestion, the most telling first, without secrets."""
    trace = disclosed(trace)
    parts = ["# Why this suggestion?", _text(trace), "## When", _trigger(trace), "## Context", _context(trace)]
    parts += ["## Model", _model(trace), "## Filters", _filters(trace), "## Time", _times(trace)]
    return "\n\n".join(parts) + "\n"


def _text(trace: Trace) -> str:
    return f"```{trace.language}\n{trace.text}\n```" if trace.text else f"Nothing was suggested: {trace.reason}."


def _trigger(trace: Trace) -> str:
    if trace.trigger not in REASONS:
        return "An earlier answer was still good."
    action, why = REASONS[trace.trigger]
    return f"The model is asked {action.value}: {why.format('...')}."


def _context(trace: Trace) -> str:
    if not trace.snippets:
        return "Only the text around the cursor."
    rows = [f"- {one.source}: {one.path}, line {one.line + 1} (score {one.score:.2f})" for one in trace.snippets]
    return "\n".join(rows)


def _model(trace: Trace) -> str:
    counts = trace.counts
    rows = [
        f"- It read {counts.prompt} tokens, {counts.reused} of them known before, and wrote {counts.decoded}.",
        f"- It ended because: {trace.reason}.",
    ]
    if trace.raw and trace.raw != trace.text:
        rows.append(f"- It wrote `{trace.raw!r}` before the filters.")
    if trace.model:
        rows.append(f"- It was written by {trace.model}.")
    if trace.right_probability is not None:
        rows.append(f"- That this is right has a probability of {trace.right_probability:.0%}.")
    elif trace.model and not trace.tokens:
        rows.append(f"- The gate did not judge it: {trace.model} says nothing of the probabilities of its tokens.")
    return "\n".join(rows)


def _filters(trace: Trace) -> str:
    rows = [f"- {one.filter}: {one.reason}" for one in trace.decisions]
    checks = [f"- {checked}" for checked in trace.checks]
    return "\n".join([*(rows or ["Every filter let it through as it is."]), *checks])


def _times(trace: Trace) -> str:
    rows = [
        f"| {name} | {trace.stages[name]:.1f} | {what} |" for name, what in STAGES.items() if name in trace.stages
    ]
    return "\n".join(["| stage | ms | what it is |", "|---|---|---|", *rows])
