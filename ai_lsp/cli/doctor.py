"""`ai-lsp doctor`: what is wrong on this machine and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ai_lsp.doctor.seen import EDITORS, sees
from ai_lsp.setup.recipes import this_machine

if TYPE_CHECKING:
    from ai_lsp.doctor import Finding

_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command()
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=".", help="The workspace to check."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--editor", type=click.Choice(EDITORS), help="Check only whether this editor sees the server.")
def doctor(root: Path, as_json: bool, editor: str | None) -> None:
    """Check everything that suggestions need, and say how to mend what is wrong.

    Looks at Python, llama-cpp-python, CPU, GPU, load, configuration, model, speed and editors, without the
    network. Exits with 1 when something is broken; warnings do not count.
    """
    from ai_lsp.doctor import findings

    found: list[Finding] = []
    for finding in sees(editor, this_machine()) if editor else findings(root.absolute()):
        found.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        click.echo(f"\n{_count(found, 'error')}, {_count(found, 'warning')}")
    if any(finding.state == "error" for finding in found):
        raise SystemExit(1)


def _show(finding: Finding) -> None:
    """Print one finding, in words: not every terminal has ticks and crosses."""
    state = click.style(f"{finding.state:8}", fg=_COLOURS[finding.state])
    click.echo(f"{state}{finding.name:17}{finding.finding}")
    if finding.mend:
        click.echo(f"{'':25}-> {finding.mend}")


def _count(found: list[Finding], state: str) -> str:
    number = sum(finding.state == state for finding in found)
    return f"{number or 'no'} {state}{'' if number == 1 else 's'}"
