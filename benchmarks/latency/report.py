"""Where a run's summary is written."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.latency import page, pictures
from benchmarks.latency.summary import Summary


def write(folder: Path, summary: Summary) -> None:
    """Write `latency.json`, `latency.png` and the self-contained `latency.html` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latency.json").write_text(json.dumps(summary.as_dict(), indent=2) + "\n", "utf-8")
    (folder / "latency.png").write_bytes(pictures.overview(summary))
    (folder / "latency.html").write_text(page.render(summary), "utf-8")
