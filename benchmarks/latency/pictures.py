"""The report as pictures."""

from __future__ import annotations

import io
from typing import Any

from benchmarks.latency.replay import LATE_MS
from benchmarks.latency.summary import Summary

_COLOURS = {"ai-lsp": "#2563eb", "plain": "#d97706", "llama-server": "#7c3aed"}
_OTHER = "#64748b"
_FASTEST_MS = 0.2
"""The left edge of the times' scale; what is faster is drawn there."""


def cdf(summary: Summary) -> bytes:
    """Return a PNG of the share of keystrokes that were answered by time, one line a contestant."""
    figure, axes = _pyplot().subplots(figsize=(8, 4))
    _draw_cdf(axes, summary, title="")
    return _png(figure)


def overview(summary: Summary) -> bytes:
    """Return a PNG of the same with the stages below it."""
    figure, (above, below) = _pyplot().subplots(2, 1, figsize=(8, 8))
    _draw_cdf(above, summary, title="Keystrokes answered")
    _draw_stages(below, summary)
    return _png(figure)


def _pyplot() -> Any:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False})
    return pyplot


def _draw_cdf(axes: Any, summary: Summary, *, title: str) -> None:
    for name, ordered in summary.times.items():
        asked = summary.rows[name][0].asked
        drawn = [max(_FASTEST_MS, value) for value in [0.0, *ordered]]
        shares = [n / max(1, asked) for n in range(len(drawn))]
        label = f"{name}: {len(ordered)} of {asked}"
        axes.step(drawn, shares, where="post", label=label, color=_COLOURS.get(name, _OTHER), linewidth=2)
    axes.axvline(LATE_MS, color="#94a3b8", linestyle=":", label=f"late ({LATE_MS:.0f} ms)")
    axes.set(
        xscale="log", xlabel="ms from request to reply", ylabel="share of keystrokes answered", ylim=(0, 1.01)
    )
    axes.set_title(title, loc="left", fontweight="bold")
    axes.grid(alpha=0.25)
    axes.legend(loc="upper left", frameon=False)


def _draw_stages(axes: Any, summary: Summary) -> None:
    names = [stage.name for stage in summary.stages]
    axes.barh(names, [stage.p95 for stage in summary.stages], color="#bfdbfe", label="p95")
    axes.barh(names, [stage.p50 for stage in summary.stages], color="#2563eb", height=0.45, label="p50")
    axes.invert_yaxis()
    axes.set(xlabel="ms")
    axes.set_title("ai-lsp: stages of replies that reached the engine", loc="left", fontweight="bold")
    axes.grid(axis="x", alpha=0.25)
    axes.legend(loc="upper right", frameon=False)


def _png(figure: Any) -> bytes:
    out = io.BytesIO()
    figure.tight_layout()
    figure.savefig(out, format="png", dpi=144)
    _pyplot().close(figure)
    return out.getvalue()
