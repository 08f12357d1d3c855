"""One program that checks code: for which languages, how it is called, and how its problems are counted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_lsp.filters.rules.expression import expression
from ai_lsp.paths import repository_of

INPUTS = ("stdin", "copy", "project")
"""Where the program finds the text: at its standard input, in a copy of the file, or in a copy of the project."""
COUNTS = ("lines", "exit")
"""What counts as problems without an expression: lines that it prints, or one for an exit code that is not 0."""


@dataclass(frozen=True)
class Tool:
    """A program that counts problems in one file."""

    name: str
    languages: frozenset[str]
    command: tuple[str, ...]
    """The program and what it is given, with the placeholders of `Subject.filled`."""
    input: str = "stdin"
    count: str = "lines"
    regex: str = ""
    """RE2 expression; each place where it is found in what the program prints is a problem."""
    json: str | None = None
    """Where the list of problems is in the JSON that it prints: names and numbers with dots; empty for all."""
    exits: tuple[int, ...] = ()
    """Exit codes of a program that did its work; empty for all."""
    root: tuple[str, ...] = ()
    """Files one of which the project's folder has, the nearest above the file."""

    def program(self) -> str | None:
        """Return the program's path; None where it is not installed."""
        return shutil.which(self.command[0])

    def problems(self, code: int, out: str, errors: str) -> int:
        """Return how many problems a run found. Raises ValueError with what is wrong if it did not do its work."""
        if self.exits and code not in self.exits:
            said = next((line for line in (errors + "\n" + out).splitlines() if line.strip()), "nothing")
            raise ValueError(f"it ended with {code} and said: {said.strip()[:200]}")
        if self.regex:
            printed = f"{out}\n{errors}".encode("utf-8", "replace")
            return sum(1 for _ in expression(self.regex).finditer(printed))
        if self.json is not None:
            return _listed(out, self.json)
        if self.count == "exit":
            return int(code != 0)
        return sum(bool(line.strip()) for line in out.splitlines())


def _listed(out: str, path: str) -> int:
    """Return the length of the list at `path` in JSON, or the number that is there."""
    try:
        value: Any = json.loads(out)
        for step in path.split(".") if path else ():
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"there is no {path or 'list'} in what it printed: {error!r}"[:200]) from error
    if isinstance(value, list):
        return len(value)
    if isinstance(value, int):
        return value
    raise ValueError(f"{path or 'what it printed'} is neither a list nor a number")


@dataclass(frozen=True)
class Subject:
    """The file that is checked, with its project."""

    file: Path
    root: Path
    cache: Path
    """A folder for what a program keeps between its runs."""

    def filled(self, text: str, copy: Path | None, project: Path | None) -> str:
        """Return a part of a command with its placeholders replaced."""
        values: Mapping[str, object] = {
            "{file}": self.file,
            "{root}": self.root,
            "{within}": self.file.parent.relative_to(self.root).as_posix(),
            "{cache}": self.cache,
            "{copy}": copy or self.file,
            "{project}": project or self.root,
        }
        for name, value in values.items():
            text = text.replace(name, str(value))
        return text


PLACEHOLDERS = ("{file}", "{copy}", "{root}", "{project}", "{within}", "{cache}")


def root_of(file: Path, marks: tuple[str, ...]) -> Path:
    """Return the nearest folder above `file` that has one of `marks`, else a repository's, else the file's own."""
    marked = (folder for folder in file.parents if any((folder / name).exists() for name in marks))
    return next(marked, None) or repository_of(file) or file.parent
