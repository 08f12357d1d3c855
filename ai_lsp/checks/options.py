"""The options of external checks."""

from __future__ import annotations

from dataclasses import dataclass

from ai_lsp.option import Table, option


@dataclass(frozen=True)
class CheckOptions:
    """Which programs look at suggestions that were asked for by hand, and for how long."""

    checks: tuple[Table, ...] = option(
        (),
        help="Programs, such as ruff or tsc, by whose problems the suggestions asked for by hand are ordered.",
        tables=True,
        user_only=True,
    )
    checks_ms: int = option(
        1500,
        help="Milliseconds that suggestions asked for by hand wait for these programs, at most.",
        minimum=50,
        maximum=60_000,
        user_only=True,
    )
