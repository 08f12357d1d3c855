"""Figures of a small fixed sample that may only improve: what CI asserts.

Greedy decoding gives the same text on one machine. On another processor sums are rounded in another way, so that a
few suggestions differ; the rooms are for that.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.contestants import ALL, NONE
from benchmarks.quality.outcomes import Figures

PATH = Path(__file__).parent / "baseline.json"

CASES, SEED = 48, 1
CONTESTANTS = (NONE, ALL)
PACKAGES = (
    "py-key-value-aio", "any-llm-sdk", "@tanstack/ai", "@fastify/sse", "prek", "kubernetes-lite", "dcc-mcp-unity",
    "dcc-mcp-sketchup",
)  # fmt: skip
"""The fixed sample: small packages that are fetched and indexed within seconds."""


@dataclass(frozen=True)
class Figure:
    """A figure that is compared with the committed one; higher is better."""

    name: str
    room: float


FIGURES = (
    Figure("exact", 0.05),
    Figure("edit_similarity", 0.04),
    Figure("right_share", 0.04),
    Figure("shown_rate", 0.06),
    Figure("quiet_rate", 0.10),
    Figure("score", 0.06),
)
_WORST_OVER_NONE = -0.04
"""How far below no context all context may be, over so few cases."""

Values = dict[str, float]


def values(figures: dict[str, Figures]) -> Values:
    """Return what is compared, of the contestant with all context."""
    plain = figures[ALL].as_dict()
    plain["exact"] = plain["exact"][0]
    return {one.name: plain[one.name] for one in FIGURES if plain[one.name] is not None}


def problems(figures: dict[str, Figures], committed: Values) -> list[str]:
    """Return what is worse than it may be, as lines for people."""
    now = values(figures)
    found = [
        f"{one.name}: {now.get(one.name, math.nan):.3f}, committed {committed[one.name]:.3f}, room {one.room:g}"
        for one in FIGURES
        if one.name in committed and not now.get(one.name, math.nan) >= committed[one.name] - one.room
    ]
    over = figures[ALL].over
    if over is not None and over.mean < _WORST_OVER_NONE:
        found.append(f"all context over none: {over.mean:+.3f}, at least {_WORST_OVER_NONE:+.3f}")
    return found


def improved(figures: dict[str, Figures], committed: Values) -> Values:
    """Return the committed figures with those that became better; names no longer compared are dropped."""
    now = values(figures)
    both = {one.name: [source[one.name] for source in (now, committed) if one.name in source] for one in FIGURES}
    return {name: round(max(known), 4) for name, known in both.items() if known}


def read(path: Path = PATH) -> Values:
    """Return the committed figures; none where there is no file."""
    found: Values = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def update(figures: dict[str, Figures], path: Path = PATH) -> None:
    """Write the committed figures where they became better."""
    path.write_text(json.dumps(improved(figures, read(path)), indent=2) + "\n", "utf-8")
