"""All figures of a run, by name; README.md says what each one means."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.latency.replay import LATE_MS, Answer
from benchmarks.latency.stats import (
    GROUPS,
    WARM,
    Charge,
    answered,
    charges,
    engine_only,
    of_kinds,
    own_ms,
    percentile,
    seen_ms,
    stage_values,
    times,
)

Figures = dict[str, Any]
_MANY = 8
"""Prompt tokens that a keystroke within a line should not need more of."""


@dataclass
class Run:
    """What was measured. `answers` holds one list a segment; peers may have taken part in fewer."""

    answers: dict[str, list[list[Answer]]]
    limit_ms: Callable[[Answer], float] = lambda _answer: float("nan")
    """The bare decode of the tokens that an answer shows."""
    token_ms: float = float("nan")
    rss_mb: list[float] = field(default_factory=list)
    loop: dict[str, Any] = field(default_factory=dict)
    machine: Figures = field(default_factory=dict)
    scenarios: Figures = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    """What was wrong with a contestant at its end, such as a traceback in its log."""

    def of(self, name: str, segments: int | None = None) -> list[Answer]:
        """Return a contestant's answers, of the first so many segments where a number is given."""
        return [answer for segment in self.answers[name][:segments] for answer in segment]


def figures(run: Run) -> Figures:
    """Return everything."""
    ours = run.of("ai-lsp")
    found: Figures = {**_replies(ours), **_tokens(ours), **_against_limit(run, ours)}
    for name in run.answers:
        if name != "ai-lsp":
            found |= _against_peer(run, name)
    for name, some in (("own_python", answered(ours)), ("own_python_engine", engine_only(ours))):
        own = [own_ms(answer.trace) for answer in some if answer.trace.get("stages")]
        found |= {f"{name}_p50_ms": percentile(own, 0.5), f"{name}_p95_ms": percentile(own, 0.95)}
    if "engine_tokens" in run.loop:
        found["engine_tokens_per_key"] = run.loop["engine_tokens"] / max(1, len(ours))
    found |= {f"loop_{name}": value for name, value in run.loop.items() if name not in ("worst", "engine_tokens")}
    if run.rss_mb:
        found |= {"rss_median_mb": statistics.median(run.rss_mb), "rss_max_mb": max(run.rss_mb)}
    return {**found, **run.machine, **run.scenarios}


def _replies(ours: list[Answer]) -> Figures:
    done = answered(ours)
    cached = sum(bool(answer.trace.get("cached")) for answer in done)
    asked = len(done) - sum(_not_asked(answer) for answer in done)
    return {
        "events": len(ours),
        "answered": len(done),
        "cancelled": sum(answer.cancelled for answer in ours),
        "overtaken": sum(answer.overtaken for answer in ours),
        "empty": sum(not answer.text for answer in done),
        "late": sum(answer.ms > LATE_MS for answer in ours),
        "share_cached": cached / max(1, len(done)),
        "share_cached_of_asked": cached / max(1, asked),
        "share_engine": len(engine_only(ours)) / max(1, len(done)),
        "share_typed_through": sum(answer.seen_ms is not None for answer in ours) / max(1, len(ours)),
        "share_not_asked": sum(_not_asked(answer) for answer in done) / max(1, len(done)),
        **{f"p{share}_ms": percentile(times(ours), share / 100) for share in (50, 95, 99)},
        "max_ms": percentile(times(ours), 1.0),
    }


def _not_asked(answer: Answer) -> bool:
    """Whether neither cache nor engine was tried with success: the place is none for a suggestion."""
    return not answer.trace.get("cached") and not engine_only([answer])


def _tokens(ours: list[Answer]) -> Figures:
    every = charges(ours)
    prompt, reused = sum(one.prompt for one in every), sum(one.reused for one in every)
    line = [one.evaluated for one in every if one.answer.kind in GROUPS["within_line"]]
    settled = [one for one in every if one.answer.kind in GROUPS["within_line"] and one.answer.settled]
    found: Figures = {
        "prompt_tokens": prompt,
        "reused_tokens": reused,
        "evaluated_tokens": sum(one.evaluated for one in every),
        "decoded_tokens": sum(one.decoded for one in every),
        "share_in_kv": reused / max(1, prompt),
        "evaluated_mean": sum(one.evaluated for one in every) / max(1, len(every)),
        "evaluated_within_line_settled_p95": percentile([one.evaluated for one in settled], 0.95),
        "within_line_many_share": sum(tokens > _MANY for tokens in line) / max(1, len(line)),
    }
    for name, kinds in GROUPS.items():
        found |= _evaluated(f"evaluated_{name}", [one for one in every if one.answer.kind in kinds])
    return found


def _evaluated(name: str, some: list[Charge]) -> Figures:
    """Return percentiles over all answered keystrokes, and over those alone that reached the engine."""
    tokens = [one.evaluated for one in some]
    engine = [one.evaluated for one in some if one.answer.trace.get("counts", {}).get("prompt")]
    return {
        f"{name}_count": len(some),
        f"{name}_p50": percentile(tokens, 0.5),
        f"{name}_p95": percentile(tokens, 0.95),
        f"{name}_engine_p95": percentile(engine, 0.95),
    }


def _against_limit(run: Run, ours: list[Answer]) -> Figures:
    """Return replies over the bare decode of the tokens they show, for warm keystrokes that show something."""
    warm = [answer for answer in of_kinds(answered(ours), *WARM) if answer.text]
    engine = engine_only(warm)
    limits = [run.limit_ms(answer) for answer in engine]
    found: Figures = {
        "bare_token_ms": run.token_ms,
        "warm_over_limit_p50": percentile([answer.ms / run.limit_ms(answer) for answer in warm], 0.5),
        "warm_engine_over_limit_p50": percentile(
            [answer.ms / limit for answer, limit in zip(engine, limits, strict=True)], 0.5
        ),
    }
    for name, values in stage_values(engine).items():
        ratios = [value / limit for value, limit in zip(values, limits, strict=True)]
        found[f"warm_engine_over_limit_{name}_p50"] = percentile(ratios, 0.5)
    decode = [(answer.trace["stages"]["decode"], answer.trace["counts"]["decoded"]) for answer in engine]
    found["decode_ms_per_token_p50"] = percentile([ms / tokens for ms, tokens in decode if tokens], 0.5)
    return found


def _against_peer(run: Run, name: str) -> Figures:
    """Return our percentiles over a peer's, over the segments that both replayed.

    A key that got no answer before the next one counts with the time that it waited, which is less than what it
    would have taken: a peer that answers only what is easy would else look fast. A key that types through what is
    shown counts with what that takes in the editor, as a peer's does that is an editor's plugin.
    """
    theirs = run.of(name)
    ours = run.of("ai-lsp", len(run.answers[name]))
    mine, other = [seen_ms(answer) for answer in ours], [answer.ms for answer in theirs]
    seen = [seen_ms(answer) for answer in ours if answer.seen_ms is not None or answered([answer])]
    asked = times(answer for answer in theirs if answer.asked)
    return {
        f"p50_over_{name}": _ratio(mine, other, 0.5),
        f"p95_over_{name}": _ratio(mine, other, 0.95),
        f"p50_over_{name}_asked": _ratio(times(engine_only(ours)), asked, 0.5),
        f"p50_over_{name}_answered": _ratio(seen, times(theirs), 0.5),
        f"p95_over_{name}_answered": _ratio(seen, times(theirs), 0.95),
        f"p50_over_{name}_shown": _ratio(
            [seen_ms(answer) for answer in ours if answer.seen_ms is not None or _shows(answer)],
            [answer.ms for answer in theirs if _shows(answer)],
            0.5,
        ),
        f"p50_over_{name}_by_server": _ratio([answer.ms for answer in ours], other, 0.5),
        f"answered_{name}": len(times(theirs)),
        f"answered_beside_{name}": len(seen),
        f"shown_{name}": sum(map(_shows, theirs)),
        f"late_{name}": sum(ms > LATE_MS for ms in times(theirs)),
    }


def _shows(answer: Answer) -> bool:
    return bool(answer.text and answered([answer]))


def _ratio(mine: list[float], other: list[float], share: float) -> float:
    below = percentile(other, share)
    return percentile(mine, share) / below if below else float("nan")
