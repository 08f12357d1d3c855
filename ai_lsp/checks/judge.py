"""Several suggestions judged by programs: how many problems the file has with each of them."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from pygls.uris import to_fs_path

from ai_lsp import timeslice
from ai_lsp.checks.running import Run
from ai_lsp.checks.tool import Subject, Tool, root_of
from ai_lsp.completion.place import Place
from ai_lsp.filters.names import LinesOf, no_lines
from ai_lsp.filters.tallies import Tallies, Turn
from ai_lsp.folders import cache_folder

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Checked:
    """What one check said of the suggestions."""

    check: str
    before: int | None = None
    """Problems of the file without any suggestion; None where that is not known."""
    after: tuple[int, ...] = ()
    """Problems with each suggestion; empty when not all are known, and then none of them counts."""
    failure: str = ""
    """Why they are not known."""
    ms: float = 0.0

    def __str__(self) -> str:
        """Return it as people read it."""
        if self.failure:
            return f"check {self.check}: passed over: {self.failure}"
        before, after = "?" if self.before is None else self.before, ", ".join(map(str, self.after))
        return f"check {self.check}: {before} problems without, {after} with the suggestions, {self.ms:.0f} ms"


class Checks:
    """The checks that are on. Belongs to the event loop; programs are started and waited for in threads."""

    def __init__(
        self,
        tools: Sequence[Tool] = (),
        seconds: float = 1.5,
        lines_of: LinesOf = no_lines,
        tallies: Tallies | None = None,
        cache: Path | None = None,
    ) -> None:
        """Wait for `seconds` at most; `lines_of` knows documents, `cache` holds what programs keep."""
        self.tools = tuple(tools)
        self.seconds = seconds
        self.tallies = tallies if tallies is not None else Tallies()
        self._lines_of = lines_of
        self._cache = cache
        self._told: set[str] = set()

    def start(self, place: Place, texts: Sequence[str]) -> Job | None:
        """Start all checks for these suggestions; None where none is wanted, or the file is not known."""
        tools = [tool for tool in self.tools if place.language in tool.languages]
        path = to_fs_path(place.uri) if place.uri.startswith("file:") else None
        if not tools or path is None or (around := _around(place, self._lines_of)) is None:
            return None
        before, after = around
        wholes = [before + after, *(before + text + after for text in texts)]
        return Job(tools, Path(path), wholes, self.seconds, self._subject)

    def note(self, results: Sequence[Checked], decisive: bool) -> None:
        """Count what checks did; `decisive` says whether they changed the order. Failures are logged once."""
        for one in results:
            turn = Turn(ran=True, cut=decisive and not one.failure, failed=bool(one.failure), ms=one.ms)
            self.tallies.add({tally_name(one.check): turn})
            if one.failure and one.failure not in self._told:
                self._told.add(one.failure)
                log.warning("The check %s was passed over: %s", one.check, one.failure)

    def _subject(self, tool: Tool, file: Path) -> Subject:
        root = root_of(file, tool.root)
        folder = self._cache or cache_folder() / "checks"
        return Subject(file, root, folder / tool.name / hashlib.sha256(str(root).encode()).hexdigest()[:16])


class Job:
    """The runs of all checks over a file without and with each suggestion."""

    def __init__(
        self,
        tools: Sequence[Tool],
        file: Path,
        texts: Sequence[str],
        seconds: float,
        subject: Callable[[Tool, Path], Subject],
    ) -> None:
        loop = asyncio.get_running_loop()
        self._began, self._seconds, self._tools = perf_counter(), seconds, tools
        self._stopped = False
        self._runs: list[Run] = []
        self._found: dict[tuple[str, int], int] = {}
        self._failures: dict[str, str] = {}
        self._ms: dict[str, float] = {}
        self._texts = len(texts)
        numbers = [*range(1, self._texts), 0]  # the file as it is comes last: nothing depends on it
        futures = [
            loop.run_in_executor(_executor(), self._count, tool, number, texts[number], file, subject)
            for tool in tools
            for number in numbers
        ]
        self.done = asyncio.gather(*futures)

    def stop(self) -> None:
        """End what still runs."""
        self._stopped = True
        for run in list(self._runs):
            run.stop()

    def results(self) -> list[Checked]:
        """Return what is known by now."""
        return [self._result(tool.name) for tool in self._tools]

    def _result(self, name: str) -> Checked:
        counts = [self._found.get((name, number)) for number in range(self._texts)]
        known = [count for count in counts[1:] if count is not None]
        ms = self._ms.get(name, (perf_counter() - self._began) * 1000)
        if len(known) == self._texts - 1:
            return Checked(name, counts[0], tuple(known), ms=ms)
        return Checked(name, counts[0], failure=self._failures.get(name, self._late()), ms=ms)

    def _late(self) -> str:
        return f"it was not done within {1000 * self._seconds:.0f} ms"

    def _count(
        self, tool: Tool, number: int, text: str, file: Path, subject: Callable[[Tool, Path], Subject]
    ) -> None:
        left = self._began + self._seconds - perf_counter()
        if self._stopped or left <= 0:
            return
        run = Run(tool, subject(tool, file), text, left)
        self._runs.append(run)
        if self._stopped:
            return
        try:
            self._found[tool.name, number] = run.problems()
        except TimeoutError:
            return
        except ValueError as error:
            self._failures.setdefault(tool.name, str(error))
        except Exception as error:
            log.exception("The check %s failed", tool.name)
            self._failures.setdefault(tool.name, repr(error))
        self._ms[tool.name] = (perf_counter() - self._began) * 1000


def order(results: Sequence[Checked], logprobs: Sequence[float]) -> list[int]:
    """Return the numbers of the suggestions: those with the fewest problems first, then the most probable."""
    problems = [sum(one.after[number] for one in results if one.after) for number in range(len(logprobs))]
    return sorted(range(len(logprobs)), key=lambda number: (problems[number], -logprobs[number]))


def tally_name(check: str) -> str:
    """Return the name that a check is counted under, among filters."""
    return f"check {check}"


def _around(place: Place, lines_of: LinesOf) -> tuple[str, str] | None:
    """Return all of the document before and after the cursor; None where it is not as the place says."""
    lines = lines_of(place)
    if lines is None or not place.line < len(lines):
        return None
    line, column = lines[place.line], len(place.line_before)
    if line[:column] != place.line_before:
        return None
    return "".join([*lines[: place.line], line[:column]]), "".join([line[column:], *lines[place.line + 1 :]])


@functools.cache
def _executor() -> Executor:
    return timeslice.pool(min(_MOST_AT_ONCE, os.cpu_count() or 1), "checks")
