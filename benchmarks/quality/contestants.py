"""Who takes part: our own server with some of its sources, and the peers' recipes."""

from __future__ import annotations

from dataclasses import dataclass

from ai_lsp.context.gather import WEIGHTS
from benchmarks.quality.recipes import PEERS

SOURCES = tuple(sorted(WEIGHTS))
"""The names of all context sources."""
NONE, ALL = "none", "all"


@dataclass(frozen=True)
class Contestant:
    """One way to make suggestions."""

    name: str
    off: tuple[str, ...] | None
    """The context sources that are switched off; None for a peer."""


def named(name: str) -> Contestant:
    """Return the contestant ``none``, ``all``, ``only SOURCE``, ``without SOURCE`` or a peer.

    Raises ValueError for any other name.
    """
    if name in PEERS:
        return Contestant(name, None)
    if name in (NONE, ALL):
        return Contestant(name, () if name == ALL else SOURCES)
    word, _, source = name.partition(" ")
    if source not in SOURCES or word not in ("only", "without"):
        raise ValueError(name)
    kept = {source} if word == "only" else set(SOURCES) - {source}
    return Contestant(name, tuple(one for one in SOURCES if one not in kept))


def groups() -> dict[str, tuple[str, ...]]:
    """Return what `--contestants` takes besides single names."""
    return {
        "ablation": (
            NONE,
            *(f"only {source}" for source in SOURCES),
            ALL,
            *(f"without {source}" for source in SOURCES),
        ),
        "peers": (NONE, ALL, *PEERS),
    }
