"""Other suggestions for a place, when one is asked for by hand.

They are made one after the other from the same KV, each begun unlike those before it. Forked sequences in one
batch would not be faster on a CPU, where a batch of four tokens costs as much as 3.7 single ones. Where external
checks are on, they say which one comes first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple

from ai_lsp.checks.judge import Checks, order
from ai_lsp.completion.place import Place
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.turns import Turn

_TRIES = 2
"""Texts that are made for each that is wanted, at most: filters refuse some."""


class Choice(NamedTuple):
    """A text, and the mean log-probability of its tokens."""

    text: str
    logprob: float


Make = Callable[[tuple[str, ...]], Awaitable[Choice]]
"""Makes one text that begins unlike those that it is given; an empty one when there is no more time."""


async def others(raw: str, shown: str, count: int, make: Make, clean: Callable[[str], str]) -> list[Choice]:
    """Return up to `count` texts beside the one that is `shown`, which was `raw` before it was cleaned.

    `clean` runs the filters over a text and returns what may be shown of it.
    """
    known, found = [raw], [Choice(shown, 0.0)]
    for _ in range(count * _TRIES):
        if len(found) > count or not (made := await make(tuple(known))).text:
            break
        known.append(made.text)
        cleaned = clean(made.text)
        if cleaned.strip() and cleaned.strip() not in {other.text.strip() for other in found}:
            found.append(Choice(cleaned, made.logprob))
    return found[1:]


async def best_first(checks: Checks, place: Place, found: list[Choice], turn: Turn, trace: Trace) -> None:
    """Note in `trace` what is offered: its text and those `found`, the one with the fewest problems first.

    Raises `Silence` when the turn is lost meanwhile.
    """
    choices = [Choice(trace.text, trace.mean_logprob or 0.0), *found]
    job = checks.start(place, [choice.text for choice in choices]) if found else None
    if job is not None:
        with trace.stage("checks"):
            try:
                await turn.until(job.done, checks.seconds)
            finally:
                job.stop()
        results, numbers = job.results(), list(range(len(choices)))
        if any(one.after for one in results):
            numbers = order(results, [choice.logprob for choice in choices])
        checks.note(results, decisive=numbers[0] != 0)
        trace.checks = [
            replace(one, after=tuple(one.after[number] for number in numbers) if one.after else ())
            for one in results
        ]
        choices = [choices[number] for number in numbers]
    trace.text, trace.alternatives = choices[0].text, [choice.text for choice in choices[1:]]
