"""Every key of a run in a file, to see what lies behind a figure."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.latency.replay import Answer
from benchmarks.latency.traces import Event


class Keys:
    """A file of JSON lines, one a key, written as the run goes on: an interrupted one keeps what it had."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
        self._path = path

    def add(self, contestant: str, first: int, events: list[Event], answers: list[Answer]) -> None:
        """Write what a contestant answered to these events; `first` is the number of theirs in the trace."""
        with self._path.open("a", encoding="utf-8") as file:
            for number, (event, answer) in enumerate(zip(events, answers, strict=True), first):
                line = {"contestant": contestant, "number": number, "event": asdict(event), **asdict(answer)}
                file.write(json.dumps(line) + "\n")
