"""The report on a terminal, as JSON and as the committed page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.quality.outcomes import Figures
from benchmarks.quality.summary import COLUMNS, Summary, percent, rows

RESULTS = Path(__file__).parent / "results"
_MARKS = {True: "met", False: "not met", None: "not measured"}


def print_all(summary: Summary, console: Console) -> None:
    """Print the targets last, where one looks first."""
    for title, names, table in _tables(summary):
        shown = Table(*names, title=title)
        for row in table:
            shown.add_row(*row)
        console.print(shown)


def write(folder: Path, summary: Summary) -> Path:
    """Write `quality.json` into `folder`; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "quality.json"
    path.write_text(json.dumps(summary.as_dict(), indent=1, allow_nan=False) + "\n", "utf-8")
    return path


def page(summary: Summary) -> str:
    """Return the committed page, in Markdown."""
    about = ", ".join(f"{name} {value}" for name, value in summary.about.items())
    parts = [
        "# Quality",
        "Made by `python -m benchmarks.quality --write-results NAME`; `../README.md` says what the figures mean.",
        f"{about}.",
    ]
    for title, names, table in _tables(summary):
        parts.append(f"## {title[0].upper()}{title[1:]}")
        parts.append(_markdown(names, table))
    return "\n\n".join(parts) + "\n"


def _tables(summary: Summary) -> list[tuple[str, Sequence[str], list[Sequence[str]]]]:
    targets: list[Sequence[str]] = [
        (one.what, one.target, one.measured, _MARKS[one.met]) for one in summary.verdicts
    ]
    found: list[tuple[str, Sequence[str], list[Sequence[str]]]] = [
        ("exact match by language, %", *_exact(summary.by_language)),
        ("exact match by kind, %", *_exact(summary.by_kind)),
        ("all cases, %", COLUMNS, rows(summary.figures)),
    ]
    if targets:
        found.append(("targets", ("what", "target", "measured", ""), targets))
    return found


def _exact(split: dict[str, dict[str, Figures]]) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Return the names and the lines of a table with one column a contestant."""
    lines: list[Sequence[str]] = []
    names: list[str] = []
    for group, figures in split.items():
        if not any(one.cases for one in figures.values()):
            continue
        names = list(figures)
        cases = next(iter(figures.values())).cases
        lines.append((group, str(cases), *(percent(one.exact).partition(" ")[0] for one in figures.values())))
    return ("", "cases", *names), lines


def _markdown(names: Sequence[str], table: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *table]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
