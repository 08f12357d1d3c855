"""`ai-lsp audit`: what has left this machine, or was kept from it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ai_lsp.permissions.audit import AuditError, AuditLog, Entry

if TYPE_CHECKING:
    from rich.table import Table

_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


@click.command()
@click.option("--since", default="", help="Only from then on: 30m, 12h, 7d, 2w, or a date such as 2026-01-31.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each request, with all that is known.")
def audit(since: str, as_json: bool) -> None:
    """Show every request to a provider: when, where, what of, how much and how it ended."""
    log = AuditLog()
    try:
        entries = log.entries(_from(since, time.time()))
    except AuditError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        for entry in entries:
            click.echo(json.dumps(asdict(entry), ensure_ascii=False))
    elif entries:
        _show(entries)
    else:
        click.echo(f"nothing was sent{' since then' if since else ''} ({log.file})")


def _from(since: str, now: float) -> float:
    """Return a time in seconds since 1970. Raises click.BadParameter."""
    if not since:
        return 0.0
    if match := re.fullmatch(r"(\d{1,6})([mhdw])", since):
        return now - int(match[1]) * _UNITS[match[2]]
    try:
        return datetime.fromisoformat(since).timestamp()
    except ValueError as error:
        message = "write 30m, 12h, 7d, 2w, or a date such as 2026-01-31"
        raise click.BadParameter(message, param_hint="--since") from error


def _show(entries: list[Entry]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.width = max(console.width, 100)
    console.print(_table(entries), markup=False)
    sent = [entry for entry in entries if not entry.outcome.startswith(("refused", "not sent"))]
    characters = sum(entry.chars_sent for entry in sent)
    console.print(f"{len(sent)} requests sent, {len(entries) - len(sent)} not; {characters:,} characters left")


def _table(entries: list[Entry]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("WHEN", "WHERE", "ROLE", "WHAT", "FILES", "SENT", "GOT", "OUTCOME"):
        table.add_column(column, overflow="fold", justify="right" if column in ("SENT", "GOT") else "left")
    for entry in entries:
        row = (
            datetime.fromtimestamp(entry.time).strftime("%Y-%m-%d %H:%M:%S"),
            f"{entry.model} at {entry.provider}" if entry.model else entry.provider,
            entry.role,
            ", ".join(entry.kinds) or "-",
            ", ".join(_short(file, entry.repository) for file in entry.files) or "-",
            _amount(entry.tokens_sent, entry.chars_sent),
            _amount(entry.tokens_received, entry.chars_received),
            entry.outcome,
        )
        table.add_row(*map(escape, row))
    return table


def _short(file: str, repository: str) -> str:
    path = Path(file)
    return path.relative_to(repository).as_posix() if repository and path.is_relative_to(repository) else file


def _amount(tokens: int | None, characters: int) -> str:
    return f"{tokens:,} tokens" if tokens is not None else f"{characters:,} chars"
