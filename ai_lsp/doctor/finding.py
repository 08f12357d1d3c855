"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True)
class Finding:
    """What one check found, and what to do about it where there is something to do."""

    name: str
    state: str
    """``ok``, ``warning`` or ``error``."""
    finding: str
    mend: str = ""
