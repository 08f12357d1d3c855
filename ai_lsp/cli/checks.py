"""External checks as `ai-lsp filters list` shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ai_lsp.cli.counted import told

if TYPE_CHECKING:
    from ai_lsp.filters.tallies import Count
    from ai_lsp.options.filters import CheckOptions


def checks_of(options: CheckOptions, lately: Mapping[str, Count]) -> Iterator[str]:
    """Yield one line for each check that is on, and for each that has only to be named to be on."""
    from ai_lsp.checks.judge import tally_name
    from ai_lsp.checks.reading import known, read_checks
    from ai_lsp.option import Table

    tools, _problems = read_checks(options.checks)
    named = {tool.name for tool in tools}
    others, _none = read_checks(Table("", {"name": name}) for name in known() if name not in named)
    for tool in (*tools, *others):
        state = "on" if tool.name in named else "off"
        languages = ", ".join(sorted(tool.languages))
        found = "" if tool.program() is not None else f" (there is no program {tool.command[0]} on the PATH)"
        did = told(lately.get(tally_name(tool.name)))
        yield f"{tally_name(tool.name):14} {state:4} Orders what is asked for by hand in {languages}.{found}{did}"
