"""`ai-lsp doctor`: what is wrong on this machine and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}


@click.command()
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=".", help="The workspace to check."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(root: Path, as_json: bool) -> None:
    """Check Python, library, CPU, load, configuration, model, speed and editors, and say how to mend them.

    Exits with 1 when something is broken; warnings do not count.
    """
    from ai_lsp.doctor import Finding, findings

    found: list[Finding] = []
    for finding in findings(root.absolute()):
        found.append(finding)
        if not as_json:
            _print(finding)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    if any(finding.state == "error" for finding in found):
        raise SystemExit(1)


def _print(finding: object) -> None:
    from ai_lsp.doctor import Finding

    assert isinstance(finding, Finding)
    sign, colour = _SIGNS[finding.state]
    click.echo(f"{click.style(sign, fg=colour)} {finding.name:17} {finding.finding}")
    if finding.mend:
        click.echo(f"  {'':17} -> {finding.mend}")
