"""What context must reach."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.contestants import ALL, NONE, SOURCES
from benchmarks.quality.outcomes import Figures
from benchmarks.quality.recipes import PEERS

_TIMES = 1.5


@dataclass(frozen=True)
class Verdict:
    """One target, what was measured, and whether that is enough; None where it was not measured."""

    what: str
    target: str
    measured: str
    met: bool | None


def verdicts(figures: dict[str, Figures], by_kind: dict[str, dict[str, Figures]]) -> list[Verdict]:
    """Return all targets that the contestants of `figures` say something about."""
    return [*_against_peers(by_kind.get("line_rest", {})), *_as_a_whole(figures), *_source_by_source(figures)]


def _against_peers(figures: dict[str, Figures]) -> list[Verdict]:
    peers = {name: one.exact.mean for name, one in figures.items() if name in PEERS}
    if ALL not in figures or not peers:
        return []
    best = max(peers, key=lambda name: peers[name])
    ours = figures[ALL].exact.mean
    ratio = ours / peers[best] if peers[best] else None
    measured = f"{100 * ours:.1f} % over {100 * peers[best]:.1f} % of {best}"
    if ratio is not None:
        measured += f": {ratio:.2f}"
    met = ours > 0 if ratio is None else ratio >= _TIMES
    return [
        Verdict("exact match of the rest of a line, over the best peer's", f">= {_TIMES:g} times", measured, met)
    ]


def _as_a_whole(figures: dict[str, Figures]) -> list[Verdict]:
    if ALL not in figures or NONE not in figures or (over := figures[ALL].over) is None:
        return []
    measured = f"{100 * over.mean:+.1f} [{100 * over.low:+.1f}, {100 * over.high:+.1f}]"
    return [Verdict("all context over none, exact match in percent points", "above zero", measured, over.sign > 0)]


def _source_by_source(figures: dict[str, Figures]) -> list[Verdict]:
    """A source is significantly negative where leaving it out of all makes things significantly better."""
    left_out = [source for source in SOURCES if f"without {source}" in figures and ALL in figures]
    if not left_out:
        return []
    harmful = []
    for source in left_out:
        over = figures[f"without {source}"].over
        if over is not None and over.sign > 0:
            harmful.append(source)
    return [Verdict("sources that do harm", "none", ", ".join(harmful) or "none", not harmful)]
