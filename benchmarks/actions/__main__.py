"""``python -m benchmarks.actions FOLDER``: bodies taken out of a repository's Python functions and written anew.

Each function is in its file with ``...`` in the place of its body; the action `complete` is run on it with so many
characters of context as each of ``--chars`` says. What is told is how often the answer passed the checks, and how
alike it is to the body that was there (0 to 100, by `rapidfuzz.fuzz.ratio`; 0 where none passed), with the
difference to the first of ``--chars`` and where that lies with a probability of 95 %.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import click
from rapidfuzz import fuzz

from ai_lsp.actions.around import Definition, look
from ai_lsp.actions.catalogue import shipped
from ai_lsp.actions.edits import applied
from ai_lsp.actions.forms.form import Surroundings
from ai_lsp.actions.gathering import Gathering
from ai_lsp.actions.running import Services, run
from ai_lsp.actions.subject import Subject, Text
from ai_lsp.cli.roles import roles_for
from ai_lsp.context.definitions.source import Definitions
from ai_lsp.context.ignore import Readable
from ai_lsp.context.similar import SimilarCode
from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.reader import Index
from ai_lsp.index.settings import Settings
from ai_lsp.options import Options
from ai_lsp.paths import repository_of
from ai_lsp.positions import split_lines
from ai_lsp.providers.chat import ChatModel
from ai_lsp.syntax.parsing import parse
from benchmarks.quality.bootstrap import paired

_LINES = range(1, 9)
"""Lines of the bodies that are taken out."""


@dataclass(frozen=True)
class Case:
    """A function without its body, in its file, and the body."""

    path: Path
    lines: list[str]
    line: int
    body: str


class Sized:
    """A model that gets another number of characters of context, and of the lines before and after."""

    def __init__(self, model: ChatModel, chars: int, around: int) -> None:
        self._model, self.context_chars, self.most_around = model, chars, around

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def model(self, _role: str, **_place: str) -> ChatModel:
        """Be the model for every role."""
        return self  # type: ignore[return-value]


def cases(root: Path, count: int, seed: int) -> list[Case]:
    """Return some of the functions that have a docstring and a short body, always the same ones."""
    found = [case for path in sorted(root.rglob("*.py")) for case in _cases_in(path)]
    return random.Random(seed).sample(found, min(count, len(found)))


def _cases_in(path: Path) -> Iterator[Case]:
    lines = split_lines(path.read_text("utf-8"))
    tree = parse(lines, "python")
    if tree is None:
        return
    seen = set()
    for number in range(len(lines)):
        one = look(tree.root_node, "python", lines, number, number).definition
        if one is not None and one.is_function and one.doc and one.head not in seen:
            seen.add(one.head)
            if (case := _without_body(path, lines, one)) is not None:
                yield case


def _without_body(path: Path, lines: list[str], one: Definition) -> Case | None:
    """Return the case of a function whose docstring is on one line; None for another one."""
    row = one.body[0] if one.body is not None else one.last
    if lines[row].count('"""') != 2:
        return None
    body = lines[row + 1 : one.last + 1]
    if len(body) not in _LINES or not "".join(body).strip():
        return None
    indent = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
    return Case(path, [*lines[: row + 1], f"{indent}...\n", *lines[one.last + 1 :]], one.head, "".join(body))


async def _indexed(root: Path, folder: Path) -> Index:
    ready = asyncio.Event()
    builder = IndexBuilder(
        root, Settings(), lambda status: ready.set() if status.kind == "ready" else None, folder=folder
    )
    builder.start()
    await ready.wait()
    await builder.stop()
    return Index.open(root, folder)


def _subject(case: Case, root: Path) -> Subject:
    tree = parse(case.lines, "python")
    assert tree is not None
    one = look(tree.root_node, "python", case.lines, case.line, case.line).definition
    assert one is not None and one.stub
    path = case.path.relative_to(root).as_posix()
    text = Text(case.path.as_uri(), path, str(case.path), str(root), "python", 0, case.lines)
    return Subject(text, "stub", one.first, one.last, one)


async def _alike(case: Case, root: Path, services: Services) -> float | None:
    """Return how alike the body that is written is to the one that was there; None where none is usable."""
    subject = _subject(case, root)
    outcome = await run(shipped().actions["complete"], subject, services)
    if not outcome.result.changes:
        return None
    after = "".join(applied(subject.text.lines, outcome.result.changes))
    kept = len("".join(case.lines[subject.last + 1 :]))
    body = after[len("".join(case.lines[: subject.last])) : len(after) - kept]
    return fuzz.ratio(" ".join(body.split()), " ".join(case.body.split()))


async def _measured(folder: Path, chars: list[int], around: int, count: int, seed: int) -> None:
    chosen, root = cases(folder, count, seed), repository_of(folder) or folder
    readable = Readable([root]).may_be_read
    with tempfile.TemporaryDirectory() as kept:
        index = await _indexed(root, Path(kept))
        gathering = Gathering(
            Definitions(readable, lambda _root: index),
            SimilarCode(lambda _root: index),
            lambda _root: index,
            readable,
        )
        async with roles_for(Options(), readable) as models:
            first: list[float | None] = []
            for most in chars:
                sized = Sized(models.model("edit"), most, around)
                services = Services(sized, surroundings=Surroundings(readable), gathering=gathering)
                begin = time.monotonic()
                found = [await _alike(case, root, services) for case in chosen]
                first = first or found
                _tell(most, found, first, time.monotonic() - begin)
        index.close()


def _tell(chars: int, found: list[float | None], first: list[float | None], seconds: float) -> None:
    alike = [one or 0.0 for one in found]
    more = paired(alike, [one or 0.0 for one in first])
    share = f"{sum(one is not None for one in found)} of {len(found)} usable"
    against = f"{more.mean:+.1f} [{more.low:+.1f}, {more.high:+.1f}] against the first"
    click.echo(
        f"{chars:6} characters: {share}, alike {fmean(alike):.1f}, {against}, {seconds / len(found):.1f} s each"
    )


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--chars", default="0,600,1500,3000", help="Characters of context, with commas.")
@click.option("--around", default=600, help="Characters of the lines before, and of those after.")
@click.option("--count", default=40, help="How many functions.")
@click.option("--seed", default=7, help="Which functions.")
def main(folder: Path, chars: str, around: int, count: int, seed: int) -> None:
    """Write bodies of the functions in FOLDER anew, with more and less context."""
    asyncio.run(_measured(folder.absolute(), [int(one) for one in chars.split(",")], around, count, seed))


if __name__ == "__main__":
    main()
