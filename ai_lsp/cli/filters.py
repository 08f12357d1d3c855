"""`ai-lsp filters`: what keeps suggestions back."""

from __future__ import annotations

from pathlib import Path

import click

from ai_lsp.cli.checks import checks_of
from ai_lsp.cli.counted import counts, told
from ai_lsp.cli.rules import check, describe


@click.group()
def filters() -> None:
    """What cuts suggestions or keeps them back."""


@filters.command("list")
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=".", help="The workspace to look at."
)
@click.option("--rules", "with_rules", is_flag=True, help="Show every rule of `insecure` and `rules` too.")
def list_command(root: Path, with_rules: bool) -> None:
    """Print every filter in the order in which they run: whether it is on, what it does, what it did lately."""
    from ai_lsp import config
    from ai_lsp.checks.reading import read_checks
    from ai_lsp.filters.chain import description
    from ai_lsp.filters.gate import NAME, gate_from
    from ai_lsp.filters.insecure import shipped
    from ai_lsp.filters.own_rules import read_own
    from ai_lsp.filters.standard import Services, filters_from

    loaded = config.load(root.absolute()).options
    options = loaded.filters
    own, lately = read_own(options.rules), counts()
    for name, each in filters_from(options, Services()).items():
        state = "off" if name in options.off else "on"
        click.echo(f"{name:14} {state:4} {description(each)}{told(lately.get(name))}")
    gate = gate_from(loaded)
    least = gate.least if gate is not None else 0.0
    state = "on" if least else "off"
    does = f"Keeps back what comes unasked and is right with a probability below {least}."
    click.echo(f"{NAME:14} {state:4} {does}{told(lately.get(NAME))}")
    for line in checks_of(loaded.filters, lately):
        click.echo(line)
    for rules in (shipped(), own.rules) if with_rules else ():
        for line in describe(rules, options.rules_off):
            click.echo(line)
    for problem in (*own.problems, *read_checks(options.checks)[1]):
        click.echo(problem, err=True)


filters.add_command(check)
