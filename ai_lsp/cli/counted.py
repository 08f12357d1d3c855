"""What filters did lately, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai_lsp.filters.tallies import Count

_DAYS = 7


def counts() -> dict[str, Count]:
    """Return what each filter did in the last week, by name, in all servers together."""
    from ai_lsp.filters.ledger import Ledger

    return Ledger().since(_DAYS)


def told(count: Count | None) -> str:
    """Return what one filter did as the end of its line; empty where it saw nothing."""
    if count is None or not count.ran:
        return ""
    failed = f", failed at {count.failed:,}" if count.failed else ""
    return f" [{_DAYS} days: saw {count.ran:,}, changed {count.cut:,}, kept {count.vetoed:,} back{failed}]"
