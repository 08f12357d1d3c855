"""`ai-lsp licences`: whose code may not be suggested word for word."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import click

_ROOT = click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=".", help="The workspace to look at."
)


@click.group()
def licences() -> None:
    """Installed code under licences that are not allowed, and copies of it."""


@licences.command("list")
@_ROOT
def list_command(root: Path) -> None:
    """Print each licence that was found, how many files have it, and whether it is allowed."""
    from ai_lsp import config
    from ai_lsp.index.schema import path_for
    from ai_lsp.licences.policy import Policy
    from ai_lsp.licences.settings import default_folder
    from ai_lsp.licences.store import Store

    policy = Policy(config.load(root.absolute()).options.filters.licences_allowed)
    path = path_for(root, default_folder())
    if not path.is_file():
        raise click.ClickException(f"there is no licence index of {root.absolute()}: run `ai-lsp licences build`")
    try:
        store = Store(path, replace=False)
        rows, (files, lines) = store.licences(), store.counts()
        store.close()
    except sqlite3.Error as error:
        raise click.ClickException(f"{path} cannot be read: {error}; run `ai-lsp licences build`") from error
    for licence, count, _ in rows:
        click.echo(f"{count:7}  {'allowed' if policy.allows(licence) else 'kept back':9}  {licence}")
    click.echo(f"{files} files with {lines} lines of code have fingerprints")


@licences.command()
@_ROOT
def build(root: Path) -> None:
    """Bring the index up to date now; it is done by itself while an editor runs the server."""
    from ai_lsp import config
    from ai_lsp.index.inbox import Inbox
    from ai_lsp.index.status import Status
    from ai_lsp.licences.service import licence_service
    from ai_lsp.licences.settings import default_folder
    from ai_lsp.licences.watch import settings_from

    settings = settings_from(config.load(root.absolute()).options.filters)
    if settings is None:
        raise click.ClickException("the filter is switched off: take `licence` out of the option filters.off")
    inbox, folder = Inbox(), default_folder()
    said: list[Status] = []

    def show(status: Status) -> None:
        said.append(status)
        click.echo(f"{status.kind}: {status.message or f'{status.files} files, {status.lines} lines'}", err=True)
        if status.kind in ("failed", "limited") or status.message.startswith("another"):
            inbox.put(None)

    folder.mkdir(0o700, parents=True, exist_ok=True)
    licence_service(root.absolute(), folder, settings, inbox, show).run()
    if said[-1].kind != "ready":
        raise click.ClickException(said[-1].message)


@licences.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--language", help="The language id of the text; by default that of the file's name.")
@_ROOT
def check(file: Path, language: str | None, root: Path) -> None:
    """Print the passages of FILE (- for standard input) that copy code which is not allowed.

    Exits with 1 when there are any.
    """
    from ai_lsp.index.content import decode
    from ai_lsp.index.schema import path_for
    from ai_lsp.licences.match import find_all
    from ai_lsp.licences.settings import default_folder
    from ai_lsp.licences.table import Table, newest_path
    from ai_lsp.syntax.languages import language_of

    newest = newest_path(path_for(root, default_folder()))
    if newest is None:
        raise click.ClickException(f"there is no licence index of {root.absolute()}: run `ai-lsp licences build`")
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    own = str(file.resolve())
    found = find_all(decode(data), language or language_of(file), [Table(newest)])
    copied = [(line, match) for line, match in found if match.path != own]
    for line, match in copied:
        click.echo(f"{file}:{line + 1}: {match}")
    sys.exit(1 if copied else 0)
