"""What the pipeline is asked, and the options that bear on its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ai_lsp.checks.judge import Checks, tally_name
from ai_lsp.checks.reading import read_checks
from ai_lsp.completion.place import Place
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trigger import TriggerRules
from ai_lsp.context.snippet import Query
from ai_lsp.filters.chain import Chain
from ai_lsp.filters.gate import NAME, Gate, gate_from
from ai_lsp.filters.rejections import Rejections
from ai_lsp.filters.standard import Services, chain_from
from ai_lsp.filters.tallies import Tally
from ai_lsp.options import FilterOptions, Options
from ai_lsp.options.filters import CheckOptions


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that the pipeline itself reads. Milliseconds where the name says so."""

    deadline_ms: int = 450
    by_hand_ms: int = 0
    """What a request by hand may take, where that is more."""
    max_tokens: int = 48
    max_lines: int = 8
    multiline: str = "auto"
    min_probability: float = 0.01
    filters: Chain = field(default_factory=lambda: chain_from(FilterOptions()))
    gate: Gate | None = None
    look_ahead: bool = True
    alternatives: int = 1
    """Suggestions for a request by hand."""
    trigger: TriggerRules = field(default_factory=TriggerRules)
    rejections: Rejections = field(default_factory=Rejections)
    """Told what is shown and typed; the filters ask it."""
    checks: Checks = field(default_factory=Checks)
    """Asked about suggestions for a request by hand."""

    def allowed_ms(self, request: Request) -> int:
        """Return how long a request may take."""
        own = max(self.deadline_ms, self.by_hand_ms) if request.manual else self.deadline_ms
        return request.deadline_ms or own

    def lately(self) -> dict[str, Tally]:
        """Return what each filter, the gate and the checks did lately, by name and in order."""
        names = [*([] if self.gate is None else [NAME]), *(tally_name(tool.name) for tool in self.checks.tools)]
        return {**self.filters.lately(), **{name: self.filters.tallies.of(name) for name in names}}


def settings_from(options: Options, services: Services | None = None) -> Settings:
    """Pick what the pipeline reads out of the options; the filters use `services`."""
    completion, services = options.completion, services if services is not None else Services()
    rules = TriggerRules(
        aggressiveness=completion.aggressiveness,
        in_comments=completion.in_comments,
        in_strings=completion.in_strings,
        languages_off=completion.languages_off,
        globs_off=completion.globs_off,
        max_file_bytes=completion.max_file_bytes,
        max_line_chars=completion.max_line_chars,
    )
    return Settings(
        deadline_ms=completion.deadline_ms,
        by_hand_ms=completion.by_hand_ms,
        max_tokens=completion.max_tokens,
        max_lines=completion.max_lines,
        multiline=completion.multiline,
        min_probability=completion.min_probability,
        filters=chain_from(options.filters, services),
        gate=gate_from(options),
        look_ahead=completion.look_ahead,
        alternatives=completion.alternatives,
        trigger=rules,
        rejections=services.rejections,
        checks=checks_from(options.filters, services),
    )


def checks_from(options: CheckOptions, services: Services) -> Checks:
    """Return the external checks that the options name; those that cannot be used are left out."""
    tools, _problems = read_checks(options.checks)
    return Checks(tools, options.checks_ms / 1000, services.lines_of, services.tallies)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the client."""

    place: Place
    manual: bool = False
    signals: Signals | None = None
    """What the trigger decides by, as far as that is known without `look`; else what the place itself tells."""
    received: float | None = None
    """When it was read, by `time.monotonic`; now, when not given."""
    deadline_ms: int | None = None
    """Instead of the option's deadline: the command line has time."""
    query: Query | None = None
    """What context sources need to know of the place; without it there is no context."""
    look: Callable[[Signals], Signals] | None = None
    """Adds what the cursor stands in, which takes some time; what is being typed through does not need it."""
