"""Suggestions that the user reported: lines in a file on this machine, and nowhere else."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ai_lsp.completion.disclosure import disclosed
from ai_lsp.folders import append_rows, state_folder
from ai_lsp.history import Outcome


def file() -> Path:
    """Return where reports are."""
    return state_folder() / "reports.jsonl"


def report_of(outcome: Outcome, model: str, comment: str = "") -> dict[str, Any]:
    """Return what is kept of a suggestion; values that look like secrets are replaced."""
    trace = disclosed(outcome.trace)
    return {
        "time": time.strftime("%Y-%m-%d %H:%M:%S"),
        "comment": comment,
        "file": trace.uri,
        "language": trace.language,
        "model": model,
        "suggested": trace.text,
        "written": trace.raw,
        "accepted": outcome.taken,
        "reason": trace.reason,
        "filters": [f"{one.filter}: {one.reason}" for one in trace.decisions],
        "probability": trace.right_probability,
        "prompt_end": trace.prompt[-400:],
    }


def keep(report: dict[str, Any], where: Path | None = None) -> Path:
    """Add a report as a line of JSON to the file, which only the user can read. Raises OSError."""
    path = where or file()
    append_rows(path, [report])
    return path
