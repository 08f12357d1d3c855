"""Our own suggestions: a whole session on a repository, as the command line runs one, with time to gather."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.completion.signals import Signals, signals_at
from ai_lsp.completion.standing import standing_at
from ai_lsp.completion.trace import Trace
from ai_lsp.context.snippet import Snippet
from ai_lsp.documents import Document
from ai_lsp.filters import gate
from ai_lsp.options import CompletionOptions, FilterOptions, ModelOptions, Options
from ai_lsp.session import Session
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.parsing import parse
from benchmarks.quality.cases import Case
from benchmarks.quality.visits import Visit

_PATIENT_MS = 120_000
Known = dict[tuple[str, tuple[Snippet, ...]], Trace]
"""What came of a case with some context."""


def options_with(model: str, off: Sequence[str]) -> Options:
    """Return the default options with another model, without some context sources and without the gate.

    The gate's weights are fitted to some of the benchmark's own packages; `benchmarks.quality.gate` measures it.
    """
    options = Options(model=ModelOptions(name=model), completion=CompletionOptions(alternatives=1))
    context = replace(options.context, off=tuple(off))
    return replace(options, context=context, filters=FilterOptions(off=(gate.NAME,)))


def document(case: Case, root: Path) -> Document:
    """Return the case's file as it is open in an editor: with its hole, whatever lies on disk."""
    uri = (root / case.path).as_uri()
    return Document(uri, case.text, language_id=case.language)


def signals(case: Case, place: Place) -> Signals:
    """Return what our trigger knows of the case, which is at `place`: text and tree, for nobody types."""
    own = document(case, Path("/repository"))
    tree = parse(own.lines, grammar_of(case.language))
    root = tree.root_node if tree is not None else None
    return signals_at(place, standing_at(place, root, own.lines), document_bytes=own.n_bytes)


async def traces(
    session: Session,
    cases: Sequence[Case],
    root: Path,
    before: Callable[[Case], Sequence[Visit]],
    known: Known,
    *,
    manual: bool = False,
) -> list[Trace]:
    """Return how the suggestion for each of the cases came about, which are of the repository at `root`.

    `before` says which files were visited before, and `manual` that no trigger is asked. The time of each
    suggestion is no matter, so that the figures tell of the context and not of the machine. Decoding is greedy:
    what the same context gave another contestant is in `known` and not made again.
    """
    found = []
    for case in cases:
        visits = before(case)
        opened = [_visited(visit, root) for visit in visits]
        for other, visit in zip(opened, visits, strict=True):
            session.visit(other, visit.line, path=visit.path)
        own = document(case, root)
        query = await session.gathered(own, case.line, case.column, path=case.path)
        key = case.id, session.pipeline.warming.snippets(query.place)
        if key not in known:
            known[key] = await session.answer(query, manual=manual, deadline_ms=_PATIENT_MS)
        found.append(known[key])
        for one in (*opened, own):
            session.leave(one)
    return found


def _visited(visit: Visit, root: Path) -> Document:
    return Document((root / visit.path).as_uri(), visit.text, language_id=visit.language)
