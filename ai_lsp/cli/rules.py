"""`ai-lsp filters check`: what is wrong with rules, and what they find in files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ai_lsp.filters.rules.reading import Reading
    from ai_lsp.filters.rules.rule import Rule
    from ai_lsp.filters.rules.ruleset import RuleSet


@click.command()
@click.argument("rules", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
def check(rules: Path, files: tuple[Path, ...]) -> None:
    """Check the rules of a settings file or a file of rules, and show what they find in files and folders.

    Exits with 1 when something is wrong with a rule.
    """
    from ai_lsp.filters.rules.ruleset import RuleSet

    reading = read(rules)
    for problem in reading.problems:
        click.echo(problem, err=True)
    click.echo(f"{len(reading.rules)} rules can be used, {len(reading.problems)} problems", err=True)
    ruleset = RuleSet(reading.rules)
    for file in _all_files(files):
        for line in found_in(file, ruleset):
            click.echo(line)
    sys.exit(1 if reading.problems else 0)


def read(path: Path) -> Reading:
    """Read a file of rules, or `filters.rules` of a settings file. Never raises."""
    from ai_lsp import config
    from ai_lsp.filters.own_rules import read_own
    from ai_lsp.filters.rules.reading import Reading, read_file

    layer = config.read_file(path, user=True)
    if isinstance(layer, config.Problem):
        return Reading((), (layer.message,))
    if "rules" in layer.values:
        return read_file(path)
    configuration = config.merge([layer])
    problems = tuple(problem.message for problem in configuration.problems)
    reading = read_own(configuration.options.filters.rules)
    if not (reading.rules or reading.problems or problems):
        problems = (f"{path}: there is no rule in it; write [[rules]] or [[filters.rules]] over each",)
    return reading + Reading((), problems)


def found_in(file: Path, rules: RuleSet) -> Iterator[str]:
    """Yield one line for each thing that `rules` find in a file, as compilers write them."""
    from ai_lsp.filters.rules.code import Code
    from ai_lsp.syntax.languages import language_of

    try:
        text = file.read_text("utf-8", "strict")
    except (OSError, ValueError):
        return  # no text, or not for us to read
    for finding in rules.findings(Code(text, language_of(file), (0, len(text)), head=lambda: text)):
        line, column = text.count("\n", 0, finding.start) + 1, finding.start - text.rfind("\n", 0, finding.start)
        yield f"{file}:{line}:{column}: {finding.rule.severity}: {finding.rule.id}: {finding.rule.message}"


def _all_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file() and ".git" not in file.parts)
        else:
            yield path


def describe(rules: tuple[Rule, ...], off: tuple[str, ...]) -> Iterator[str]:
    """Yield one line for each rule: whether it is on, its severity, its languages, what it says."""
    for rule in rules:
        state = "off" if rule.id in off else "on"
        languages = ", ".join(sorted(rule.languages)) or "all languages"
        yield f"  {rule.id:28} {state:4} {rule.severity:7} {languages}: {rule.message} ({rule.origin})"
