"""A copy of a repository in which no hole's text is to be found where it was cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from benchmarks.quality.cases import Case
from benchmarks.quality.corpus import Repository


def copy(repository: Repository, cases: Iterable[Case], folder: Path) -> Path:
    """Copy the repository into `folder`, its files with the holes of all `cases` of it; returns its root.

    An index of the copy knows none of the holes, whichever case is asked for. The document that a case is asked in
    still has the text of the file's other holes, as it would have in an editor.
    """
    root = folder / "repository"
    shutil.copytree(repository.root, root)
    by_path: dict[str, list[Case]] = {}
    for case in cases:
        if case.package == repository.name:
            by_path.setdefault(case.path, []).append(case)
    for path, holed in by_path.items():
        (root / path).write_text(without_holes(holed), "utf-8", newline="")
    return root


def without_holes(cases: list[Case]) -> str:
    """Return the text of the one file that `cases` are of, without all that they cut out; holes may overlap."""
    text = cases[0].prefix + cases[0].cut + cases[0].suffix
    kept = [True] * len(text)
    for case in cases:
        start = len(case.prefix)
        kept[start : start + len(case.cut)] = [False] * len(case.cut)
    return "".join(sign for sign, keep in zip(text, kept, strict=True) if keep)
