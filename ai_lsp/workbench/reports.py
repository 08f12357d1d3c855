"""Suggestions that the user reported: lines in a file on this machine, and nowhere else."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import platformdirs

from ai_lsp.completion.disclosure import disclosed
from ai_lsp.history import Outcome


def file() -> Path:
    """Return where reports are."""
    return Path(platformdirs.user_state_dir("ai-lsp"), "reports.jsonl")


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
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as lines:
        lines.write(json.dumps(report, ensure_ascii=False) + "\n")
    return path
