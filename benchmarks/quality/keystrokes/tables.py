"""The keys that were saved, on a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.quality.bootstrap import interval
from benchmarks.quality.keystrokes.person import Tally

Found = Mapping[str, Mapping[str, Tally]]
_TIMES = 1.5
_OURS, _PEER = "ai-lsp", "llama.vim"


def total(tallies: Mapping[str, Tally]) -> Tally:
    """Return the sum over all cases."""
    found = Tally()
    for one in tallies.values():
        found.add(one)
    return found


def print_all(found: Found, console: Console) -> None:
    """Print one line a client, and how the best peer compares."""
    table = Table(
        "client", "keys saved, %", "texts' mean [95 %]", "plain keys", "typed", "accepts", "wrong", "shown after",
        title="keystrokes saved",
    )  # fmt: skip
    for name, tallies in found.items():
        one = total(tallies)
        mean = interval([tally.saved for tally in tallies.values()])
        table.add_row(
            name, f"{100 * one.saved:.1f}", f"{100 * mean.mean:.1f} [{100 * mean.low:.1f}, {100 * mean.high:.1f}]",
            *(str(value) for value in (one.plain, one.typed, one.accepts, one.wrong, one.shown)),
        )  # fmt: skip
    console.print(table)
    if _OURS in found and _PEER in found:
        ours, peer = total(found[_OURS]).saved, total(found[_PEER]).saved
        ratio = f"{ours / peer:.2f} times" if peer > 0 else "not comparable: the peer saves none"
        console.print(f"{_OURS} over {_PEER}: {ratio} (target: {_TIMES:g} times)")


def write(folder: Path, found: Found, about: dict[str, str]) -> Path:
    """Write `keystrokes.json` into `folder`; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "keystrokes.json"
    plain: dict[str, Any] = {"about": about}
    for name, tallies in found.items():
        plain[name] = {"saved": total(tallies).saved, "texts": {key: vars(one) for key, one in tallies.items()}}
    path.write_text(json.dumps(plain, indent=1) + "\n", "utf-8")
    return path
