"""Examples: what our pipeline, with context and filters but without a gate, suggests for the benchmark's cases."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ai_lsp.completion.signals import Signals
from ai_lsp.completion.standing import COMMENT, DOCSTRING
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.trigger import STEPS, Action, TriggerRules, trigger
from ai_lsp.options import Options
from ai_lsp.session import Session
from benchmarks.quality import metrics, ours, scratch, visits
from benchmarks.quality.cases import Case
from benchmarks.quality.contestants import SOURCES
from benchmarks.quality.corpus import Repository
from benchmarks.quality.run import Say, caches_in, holed_texts, place_of

_ASKED = "eager"
"""The step of `completion.aggressiveness` at which the model is asked: the one that asks most."""


@dataclass(frozen=True)
class Example:
    """One case and what came of it."""

    id: str
    package: str
    language: str
    kind: str
    silent: bool
    expected: str
    raw: str
    """What the model wrote; empty where it was not asked."""
    shown: str
    """What the filters left of it."""
    tokens: tuple[tuple[str, float], ...]
    """What each token added, and its log-probability."""
    steps: tuple[str, ...]
    """The steps of `completion.aggressiveness` at which the model would be asked."""
    signals: Signals

    @property
    def right(self) -> bool:
        """Whether all that is shown is the start of what a person wrote there."""
        return not self.silent and metrics.starts_right(self.shown, self.expected)

    @property
    def exact(self) -> bool:
        """Whether that is all that the person wrote."""
        return self.right and metrics.exact(self.shown, self.expected)

    @property
    def raw_right(self) -> bool:
        """Whether what the model wrote would be right without filters."""
        return not self.silent and metrics.starts_right(self.raw, self.expected)

    @property
    def raw_exact(self) -> bool:
        """Whether that is all that the person wrote."""
        return self.raw_right and metrics.exact(self.raw, self.expected)

    @property
    def judged(self) -> bool:
        """Whether the gate has to say something to it."""
        return bool(self.shown and self.tokens) and self.signals.within not in (COMMENT, DOCSTRING)

    @classmethod
    def of(cls, case: Case, trace: Trace) -> Example:
        """Take down what came of `case`."""
        signals = trace.signals or Signals()
        tokens = tuple((piece, round(logprob, 5)) for piece, logprob in trace.tokens)
        return cls(
            case.id,
            case.package,
            case.language,
            case.kind,
            case.silent,
            case.expected,
            trace.raw,
            trace.text,
            tokens,
            steps_that_ask(case, signals),
            signals,
        )

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Example:
        """Make one of what `asdict` gave."""
        tokens = tuple((piece, logprob) for piece, logprob in plain.pop("tokens"))
        steps, signals = tuple(plain.pop("steps")), Signals(**plain.pop("signals"))
        return cls(**plain, tokens=tokens, steps=steps, signals=signals)


def steps_that_ask(case: Case, signals: Signals) -> tuple[str, ...]:
    """Return the steps of `completion.aggressiveness` at which the trigger is not silent."""
    place = place_of(case)
    decisions = {
        step: trigger(place, signals, manual=False, rules=TriggerRules(aggressiveness=step)) for step in STEPS
    }
    return tuple(step for step, decision in decisions.items() if decision.action is not Action.SILENT)


def options_with(model: str, *, context: bool) -> Options:
    """Return the options under which a model is asked."""
    options = ours.options_with(model, () if context else SOURCES)
    return replace(options, completion=replace(options.completion, aggressiveness=_ASKED))


async def collect(
    options: Options, seed: int, cases: Sequence[Case], repositories: Sequence[Repository], path: Path, say: Say
) -> None:
    """Append an example for each case to `path`, a line of JSON each; cases that it has already are not asked.

    `options` are those of `options_with`.
    """
    known = {one.id for one in read(path)}
    for repository in repositories:
        own = sorted((case for case in cases if case.package == repository.name), key=lambda one: one.id)
        missing = [case for case in own if case.id not in known]
        if not missing:
            continue
        say(f"{repository.name}: {len(missing)} cases")
        traces = await _traces(options, seed, own, missing, repository)
        with path.open("a", encoding="utf-8") as file:
            for case, trace in zip(missing, traces, strict=True):
                file.write(json.dumps(asdict(Example.of(case, trace))) + "\n")


async def _traces(
    options: Options, seed: int, own: Sequence[Case], missing: Sequence[Case], repository: Repository
) -> list[Trace]:
    holed = holed_texts(own)
    with tempfile.TemporaryDirectory(prefix="ai-lsp-gate-") as folder, caches_in(folder):
        root = scratch.copy(repository, own, Path(folder).resolve())
        async with Session(options, root) as session:
            return await ours.traces(
                session, missing, root, lambda case: visits.before(case, repository, holed, seed), ours.Known()
            )


def read(path: Path) -> Iterator[Example]:
    """Return the examples of a file; none where it is not there."""
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield Example.read(json.loads(line))
