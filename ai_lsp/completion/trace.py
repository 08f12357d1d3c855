"""What happened to one request, stage by stage: what `--why`, the demo and the benchmark show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ai_lsp.checks.judge import Checked
from ai_lsp.completion.place import Place
from ai_lsp.completion.prompt import render
from ai_lsp.completion.signals import Signals
from ai_lsp.context.snippet import Snippet
from ai_lsp.engine.generation import Counts, Generation
from ai_lsp.filters.decision import Decision

TYPED_THROUGH = "typed through"
"""The reason of a trace whose text is the rest of an earlier one's."""
STAGES = {
    "arrival": "from the request's arrival until its place was found, and what can be told of it at once",
    "trigger": "deciding whether to ask at all",
    "cache": "looking for an earlier answer that was typed through",
    "gather": "waiting for context, at a place that has none yet",
    "rush": "waiting for the next key, where they come faster than the model could answer",
    "context": "laying out the prompt",
    "queue": "waiting for the engine thread",
    "tokenize": "turning the prompt into tokens and choosing a KV sequence",
    "shelf": "bringing the KV of a place that was left from disk, and another's there",
    "prefill": "evaluating the prompt tokens that the KV lacked",
    "decode": "choosing the suggestion's tokens",
    "debounce": "holding a finished suggestion back until there is a pause in typing",
    "filters": "cutting and vetoing",
    "retry": "asking the model once more, after a veto that names what to avoid",
    "alternatives": "making more suggestions for a request by hand",
    "checks": "waiting for external checks of the suggestions for a request by hand",
    "total": "from the request's arrival to its answer",
}
"""Every stage that a trace can time, in order, with what it is."""


@dataclass
class Trace:
    """One request's way through the pipeline. Times are milliseconds. `disclosure` has what may be known of it."""

    id: int
    uri: str
    version: int
    language: str
    manual: bool
    text: str = ""
    """What is shown; empty when nothing is."""
    alternatives: list[str] = field(default_factory=list)
    """What is offered beside `text`, for a request by hand."""
    reason: str = ""
    """Why nothing is shown, or why decoding ended."""
    raw: str = ""
    """What the model wrote, before the filters."""
    model: str = ""
    """Which model wrote it, where that is not the local one."""
    retry: str = ""
    """What the model wrote when it was asked again, after a filter's veto; empty when it was not."""
    cached: bool = False
    late: bool = False
    """Whether decoding still went on at the deadline."""
    stages: dict[str, float] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    trigger: str = ""
    """The name of the reason why the model was asked, at once or after a pause, or was not."""
    signals: Signals | None = None
    """What the trigger knew."""
    decisions: list[Decision] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)
    """What external checks said of `text` and `alternatives`, in this order."""
    snippets: list[Snippet] = field(default_factory=list)
    """The context in force, the best one last."""
    snippet_tokens: list[int] = field(default_factory=list)
    """Tokens of each of `snippets` in the prompt; 0 for one that was left out, to be in time."""
    place: Place | None = field(default=None, repr=False)
    """Where it was asked; with the lines there it shows what of a text is a secret."""
    prompt: str = ""
    first_logprob: float | None = None
    mean_logprob: float | None = None
    tokens: list[tuple[str, float]] = field(default_factory=list)
    """What each token added to what the model wrote, and its log-probability; nothing where that is not known."""
    right_probability: float | None = None
    """How probably what the filters left is right, 0 to 1, as the gate has it; None where there is no telling."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; repeated ones add up."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = self.stages.get(name, 0.0) + (time.perf_counter() - start) * 1000

    def reused(self, generation: Generation, typed: int) -> None:
        """Take over what is known of a text made earlier, whose first `typed` characters were typed since."""
        self.model = generation.model
        self.prompt, self.tokens = generation.prompt_text, generation.tokens(typed)
        self.first_logprob, self.mean_logprob = generation.first_logprob, generation.mean_logprob

    def generated(self, generation: Generation, typed: int) -> None:
        """Take over what the engine measured, as `reused` does."""
        self.counts = counts = generation.counts
        self.reused(generation, typed)
        self.snippet_tokens = [
            generation.part_tokens.get(hash(render(snippet, self.language)), 0) for snippet in self.snippets
        ]
        self.stages.update(
            queue=counts.queued_ms,
            tokenize=counts.tokenize_ms,
            shelf=counts.shelf_ms,
            prefill=counts.prefill_ms,
            decode=counts.decode_ms,
        )
