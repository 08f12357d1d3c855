"""A trace as a person reads it, for `ai-lsp complete --why` and the demo."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ai_lsp.completion.disclosure import disclosed
from ai_lsp.completion.trace import STAGES, Trace
from ai_lsp.completion.trigger import REASONS


def explain(trace: Trace, console: Console | None = None) -> None:
    """Print prompt, context, counts, stages and filter decisions, without secrets."""
    trace = disclosed(trace)
    out = console or Console(highlight=False)
    out.rule("trigger")
    action, why = REASONS[trace.trigger]
    out.print(f"{action.value}: {why.format('...')}", markup=False)
    out.rule("prompt")
    out.print(trace.prompt, markup=False, style="dim")
    out.rule("context")
    out.print(_context(trace) if trace.snippets else "none")
    out.rule("model")
    out.print(escape(_counts(trace)))
    out.print(f"wrote: {escape(repr(trace.raw))}")
    if trace.retry:
        out.print(f"wrote, asked again after a veto: {escape(repr(trace.retry))}")
    out.print(f"ended: {escape(trace.reason)}{' (late)' if trace.late else ''}{_confidence(trace)}")
    out.rule("filters")
    for decision in trace.decisions:
        verdict = "keeps it back" if decision.veto else f"-> {decision.text!r}"
        out.print(escape(f"{decision.filter}: {decision.reason}: {verdict}"))
    if trace.right_probability is not None:
        out.print(f"right with a probability of {trace.right_probability:.2f}")
    if not trace.decisions:
        out.print("every filter let it through as it is")
    for checked in trace.checks:
        out.print(escape(str(checked)))
    out.print(_stages(trace))
    out.rule("suggestion")
    style = "bold green" if trace.text else "yellow"
    out.print(trace.text or f"nothing: {trace.reason}", markup=False, style=style)


def _context(trace: Trace) -> Table:
    table = Table("source", "file", "line", "score", "tokens")
    sizes = trace.snippet_tokens or [0] * len(trace.snippets)
    for snippet, tokens in zip(trace.snippets, sizes, strict=True):
        where = escape(snippet.path), str(snippet.line + 1)
        table.add_row(snippet.source, *where, f"{snippet.score:.2f}", str(tokens) if tokens else "left out")
    return table


def _counts(trace: Trace) -> str:
    counts = trace.counts
    shortened = ", shortened to meet the deadline" if counts.shortened else ""
    return (
        f"{counts.prompt} prompt tokens{shortened}: {counts.reused} reused from the KV, "
        f"{counts.evaluated} evaluated; {counts.decoded} decoded"
    )


def _confidence(trace: Trace) -> str:
    if trace.first_logprob is None or trace.mean_logprob is None:
        return ""
    return f"; log-probability of the first token {trace.first_logprob:.2f}, on average {trace.mean_logprob:.2f}"


def _stages(trace: Trace) -> Table:
    table = Table("stage", "ms", "what it is", title="where the time went")
    for name, meaning in STAGES.items():
        if name in trace.stages:
            table.add_row(name, f"{trace.stages[name]:.1f}", meaning)
    return table
