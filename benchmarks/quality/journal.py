"""What was shown so far, in a file, so that a run that was broken off can go on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.cases import Case

Shown = dict[tuple[str, str], str]
"""By contestant and id of the case; empty for nothing."""


class Journal:
    """Lines of JSON: first what was asked for, then what each contestant showed for a package's cases.

    A file that was asked for something else is begun anew; None for `path` keeps all in memory.
    """

    def __init__(self, path: Path | None, asked: Mapping[str, Any], *, resume: bool = False) -> None:
        self._path = path
        self.shown: Shown = {}
        if path is None:
            return
        if resume and path.is_file():
            first, *lines = map(json.loads, path.read_text("utf-8").splitlines())
            if first == asked:
                for line in lines:
                    self.shown.update({(line["by"], case): text for case, text in line["shown"].items()})
                return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asked) + "\n", "utf-8")

    def has(self, name: str, cases: Sequence[Case]) -> bool:
        """Whether the contestant was asked for all of these."""
        return all((name, case.id) in self.shown for case in cases)

    def add(self, name: str, cases: Sequence[Case], texts: Sequence[str]) -> None:
        """Take down what the contestant showed."""
        shown = {case.id: text for case, text in zip(cases, texts, strict=True)}
        self.shown.update({(name, case): text for case, text in shown.items()})
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"by": name, "shown": shown}) + "\n")
