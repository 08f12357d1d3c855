"""`ai-lsp complete`: one suggestion on the command line, and why it is what it is."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ai_lsp.completion.place import Place
    from ai_lsp.completion.trace import Trace
    from ai_lsp.options import Options

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
    trace = asyncio.run(_suggest(spot, deadline, model))
    if as_json:
        click.echo(json.dumps(trace.as_dict(), indent=2))
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
    from ai_lsp.completion.request import Request
    from ai_lsp.session import Session

    configuration = config.load(spot[0].absolute().parent)
    for problem in configuration.problems:
        click.echo(problem.message, err=True)
    options = configuration.options
    if model:
        options = replace(options, model=replace(options.model, name=model))
    place = _place(spot, options)
    async with Session(options) as session:
        return await session.pipeline.suggest(Request(place, manual=True, deadline_ms=deadline))


def _place(spot: tuple[Path, int, int], options: Options) -> Place:
    from ai_lsp.completion.window import place_at
    from ai_lsp.documents import Document
    from ai_lsp.syntax.languages import language_of

    path, line, column = spot
    if not path.is_file():
        raise click.ClickException(f"there is no file {path}")
    document = Document(path.absolute().as_uri(), language_id=language_of(path))
    if line >= len(document.lines):
        raise click.ClickException(f"{path} has only {len(document.lines)} lines")
    completion = options.completion
    return place_at(
        document,
        line,
        column,
        path=path.as_posix() if not path.is_absolute() else path.name,
        prefix_chars=completion.prefix_chars,
        suffix_chars=completion.suffix_chars,
    )
