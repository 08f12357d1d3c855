"""`ai-lsp complete`: one suggestion on the command line, and why it is what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ai_lsp import child

if TYPE_CHECKING:
    from ai_lsp.completion.trace import Trace
    from ai_lsp.documents import Document
    from ai_lsp.index.status import Status

_PATIENT_MS = 60_000


class Spot(click.ParamType[tuple[Path, int, int]]):
    """``FILE:LINE:COLUMN``, counted from 1 as editors and compilers show them."""

    name = "FILE:LINE:COLUMN"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Path, int, int]:
        """Split the place. The column is in characters; one past the line's end is the line's end."""
        path, _, column = str(value).rpartition(":")
        path, _, line = path.rpartition(":")
        if not (path and line.isdigit() and column.isdigit() and int(line) > 0 and int(column) > 0):
            self.fail(f"{value!r} is not FILE:LINE:COLUMN, such as app/main.py:12:9", param, ctx)
        return Path(path), int(line) - 1, int(column) - 1


@click.command()
@click.argument("spot", type=Spot())
@click.option("--why", is_flag=True, help="Show the prompt, the token counts, the stages and the filters.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, without the prompt.")
@click.option("--deadline", type=int, default=_PATIENT_MS, show_default=True, help="Milliseconds to answer in.")
@click.option("--model", help="A model instead of the configured one: a name or a GGUF file.")
def complete(spot: tuple[Path, int, int], why: bool, as_json: bool, deadline: int, model: str | None) -> None:
    """Print one suggestion for the cursor at FILE:LINE:COLUMN, both counted from 1.

    Exits with 1 when there is nothing to suggest, and says why on standard error.
    """
    trace = child.run(_suggest(spot, deadline, model))
    if as_json:
        from ai_lsp.completion.disclosure import as_dict

        click.echo(json.dumps(as_dict(trace), indent=2))
    elif why:
        from ai_lsp.cli.explain import explain

        explain(trace)
    else:
        click.echo(trace.text, nl=bool(trace.text))
    if not trace.text:
        click.echo(f"nothing to suggest: {trace.reason}", err=True)
        raise SystemExit(1)


async def _suggest(spot: tuple[Path, int, int], deadline: int, model: str | None) -> Trace:
    from dataclasses import replace

    from ai_lsp import config
    from ai_lsp.roles.table import local_model
    from ai_lsp.session import Session

    path, line, column = spot
    document = _document(path, line)
    configuration = config.load(path.absolute().parent)
    for problem in configuration.problems:
        click.echo(problem.message, err=True)
    options = replace(configuration.options, model=local_model(configuration.options))
    if model:
        options = replace(options, model=replace(options.model, name=model))
    root = project_of(path.absolute())
    shown = path.absolute().relative_to(root).as_posix() if root else path.name
    async with Session(options, root, Progress()) as session:
        return await session.suggest(document, line, column, path=shown, deadline_ms=deadline)


def project_of(path: Path) -> Path | None:
    """Return the nearest folder above `path` that is a repository or has our own file; None where none is."""
    marks = (".git", ".ai-lsp.toml")
    return next((folder for folder in path.parents if any((folder / mark).exists() for mark in marks)), None)


class Progress:
    """Tells somebody who waits for the index why, on one line of standard error."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, status: Status) -> None:
        """Show a new state."""
        if status.kind == "building" and status.total:
            self._shown = True
            click.echo(f"\rindexing: {status.done} of {status.total} files", err=True, nl=False)
        elif status.kind != "building" and self._shown:
            self._shown = False
            click.echo(f"\rindexed: {status.files} files, {status.lines} lines", err=True)
        if status.kind in ("limited", "failed"):
            click.echo(f"index: {status.message}", err=True)


def _document(path: Path, line: int) -> Document:
    from ai_lsp.documents import Document
    from ai_lsp.syntax.languages import language_of

    if not path.is_file():
        raise click.ClickException(f"there is no file {path}")
    document = Document(path.absolute().as_uri(), language_id=language_of(path))
    if line >= len(document.lines):
        raise click.ClickException(f"{path} has only {len(document.lines)} lines")
    return document
