"""Counts that may only improve, and ratios with room for a noisy machine: what CI asserts.

Nothing here is a time. Which requests are overtaken by the next key depends on timing, and so does which ones are
counted; the rooms are for that. Losing the KV at every Enter or switch, or the cache, costs hundreds of tokens.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.latency.figures import Figures

PATH = Path(__file__).parent / "baseline.json"


@dataclass(frozen=True)
class Count:
    """A figure that is compared with the committed one."""

    figure: str
    room: float
    higher_is_better: bool = False

    def worse(self, value: float, committed: float) -> bool:
        """Whether `value` is worse by more than the room."""
        return committed - value > self.room if self.higher_is_better else value - committed > self.room


COUNTS = (
    Count("evaluated_mean", 15.0),
    Count("engine_tokens_per_key", 60.0),  # how often context is renewed at rest depends on the machine
    Count("share_in_kv", 0.08, higher_is_better=True),
    Count("share_cached_of_asked", 0.15, higher_is_better=True),
    Count("within_line_many_share", 0.05),
    Count("evaluated_within_line_p50", 4),
    Count("evaluated_after_enter_p50", 24),
    Count("evaluated_after_accept_p50", 24),
    Count("evaluated_after_revisit_p50", 48),
)
BOUNDS = {
    "late_share": 0.02,
    "p95_over_plain": 0.5,
    "depth_p50_ratio": 2.0,
    "cancel_p99_ms_over_target": 5.0,
}
"""Ratios with wide bounds; those that were not measured are passed over."""
_CANCEL_TARGET_MS = 20.0


def problems(figures: Figures, committed: Figures) -> list[str]:
    """Return what is worse than it may be, as lines for people."""
    found = []
    for count in COUNTS:
        now, then = figures.get(count.figure, math.nan), committed.get(count.figure, math.nan)
        if count.worse(now, then):  # which nothing is that was not measured: NaN compares false
            found.append(f"{count.figure}: {now:.3g}, committed {then:.3g}, room {count.room:g}")
    ratios = _ratios(figures)
    return found + [
        f"{name}: {ratios[name]:.3g}, at most {bound:g}"
        for name, bound in BOUNDS.items()
        if _known(ratios, name) and ratios[name] > bound
    ]


def _ratios(figures: Figures) -> Figures:
    cancel = figures.get("cancel_p99_ms", math.nan) / _CANCEL_TARGET_MS
    late = figures["late"] / max(1, figures["events"])
    return {**figures, "late_share": late, "cancel_p99_ms_over_target": cancel}


def improved(figures: Figures, committed: Figures) -> Figures:
    """Return the committed counts, with what became better; names that are no longer compared are dropped."""
    new = {}
    for count in COUNTS:
        known = [float(source[count.figure]) for source in (figures, committed) if _known(source, count.figure)]
        if known:
            new[count.figure] = round(max(known) if count.higher_is_better else min(known), 4)
    return new


def _known(figures: Figures, name: str) -> bool:
    value = figures.get(name)
    return value is not None and not math.isnan(value)


def read(path: Path = PATH) -> Figures:
    """Return the committed counts; none where there is no file."""
    found: Figures = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def update(figures: Figures, path: Path = PATH) -> None:
    """Write the committed counts where they became better."""
    path.write_text(json.dumps(improved(figures, read(path)), indent=2) + "\n", "utf-8")
