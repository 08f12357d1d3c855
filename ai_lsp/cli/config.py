"""`ai-lsp config`: which settings are in force, where they come from, and which there are."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

from ai_lsp.cli import vscode
from ai_lsp.config import Configuration, exists, load, repository_files, user_file
from ai_lsp.option import Table
from ai_lsp.options import OPTIONS

root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The workspace's root folder; the current folder unless given.",
)


@click.group()
def config() -> None:
    """Show the settings, where they come from, and which there are."""


@config.command()
@root_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(root: Path, as_json: bool) -> None:
    """Show every option's value and source, as far as files and the environment set it."""
    configuration = load(root)
    if as_json:
        click.echo(_as_json(configuration))
        return
    for name, source in configuration.origins.items():
        value = json.dumps(_plain(attrgetter(name)(configuration.options)), ensure_ascii=False, default=str)
        click.echo(f"{name} = {value}  # {source}")
    for problem in configuration.problems:
        click.echo(problem.message, err=True)


def _as_json(configuration: Configuration) -> str:
    options = {
        name: {"value": _plain(attrgetter(name)(configuration.options)), "source": source}
        for name, source in configuration.origins.items()
    }
    problems = [asdict(problem) for problem in configuration.problems]
    return json.dumps({"options": options, "problems": problems}, indent=2, default=str)


def _plain(value: Any) -> Any:
    """Return an option's value as it was written."""
    is_tables = isinstance(value, tuple) and any(isinstance(item, Table) for item in value)
    return [table.values for table in value] if is_tables else value


@config.command()
@root_option
def path(root: Path) -> None:
    """Show the files that are looked at, and which of them are read."""
    personal = user_file(os.environ)
    click.echo(f"user        {personal}  ({'read' if exists(personal) else 'missing'})")
    nearer = False
    for place in repository_files(root):
        state = "missing" if not exists(place) else "not read: there is a nearer one" if nearer else "read"
        nearer = nearer or state == "read"
        click.echo(f"repository  {place}  ({state})")


@config.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "vscode"]),
    default="text",
    help="Text to read, or the settings of the extension for VS Code as JSON.",
)
def options(form: str) -> None:
    """Show every option with its default, the values it takes and what it does."""
    if form == "vscode":
        click.echo(json.dumps(vscode.contribution(), indent=2, ensure_ascii=False))
        return
    for option in OPTIONS.values():
        click.echo(f"{option.name} = {json.dumps(option.default)}")
        click.echo(f"    {option.help}")
        only = "; not from a repository's file" if option.user_only else ""
        click.echo(f"    Must be {option.expectation}. Variable: {option.variable}{only}")
