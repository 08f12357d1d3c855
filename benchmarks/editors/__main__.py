"""`make bench-editors`: from a key to the screen, in Neovim, with the server at work and without any.

Stretches without and with the server take turns, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from benchmarks.editors.nvim import Session, session

TARGET_MS = 5.0
"""How much later the 95th percentile may be with the server."""


def _row(name: str, parts: list[Session]) -> tuple[str, float]:
    times = sorted(ms for part in parts for ms in part.times)
    p50, p95 = statistics.median(times), times[len(times) * 95 // 100]
    ghosts, wrong = sum(part.ghosts for part in parts), sum(part.wrong for part in parts)
    intact = "yes" if all(part.intact for part in parts) else "NO"
    return (
        f"| {name} | {len(times)} | {p50:.1f} | {p95:.1f} | {times[-1]:.1f} | {ghosts} | {wrong} | {intact} |",
        p95,
    )


def main() -> int:
    """Measure and print a table; 1 when a key went wrong or the target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="typing with the server, in all")
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    parts: dict[bool, list[Session]] = {False: [], True: []}
    for _ in range(options.turns):
        for server in (False, True):
            parts[server].append(session(options.seconds / options.turns, server=server))
    (without, plain), (with_server, busy) = _row("without", parts[False]), _row("with", parts[True])
    print("| server | keys | p50 ms | p95 ms | max ms | keys with ghost text | wrong | file intact |")
    print("|---|---|---|---|---|---|---|---|")
    print(without, with_server, sep="\n")
    print(f"\np95 {busy - plain:+.1f} ms with the server; the target is {TARGET_MS:.0f} ms at most")
    whole = all(part.intact and not part.wrong for both in parts.values() for part in both)
    return 0 if whole and busy - plain <= TARGET_MS else 1


sys.exit(main())
