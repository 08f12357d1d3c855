"""What is wrong with the settings, told to the user once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from ai_lsp.checks.reading import missing, read_checks
from ai_lsp.config import Configuration
from ai_lsp.filters.insecure import shipped
from ai_lsp.filters.own_rules import read_own
from ai_lsp.option import Table
from ai_lsp.permissions.table import problems_in
from ai_lsp.roles.table import RoleTable


class Problems:
    """Shows each problem once in the life of the server."""

    def __init__(self, show: Callable[[str], None]) -> None:
        """`show` is called on the event loop with one line for the user."""
        self._show = show
        self._told: set[str] = set()

    async def tell(self, configuration: Configuration) -> None:
        """Tell what is wrong with options and roles, and with rules and checks when a thread has looked."""
        self.say(problem.message for problem in configuration.problems)
        options = configuration.options
        told = [*RoleTable.read(options).problems, *problems_in(options.permissions)]
        self.say(f"ai-lsp: {problem}" for problem in told)
        self.say(await asyncio.to_thread(_prepare, options.filters.rules))
        self.say(await asyncio.to_thread(_of_checks, options.filters.checks))

    def say(self, messages: Iterable[str]) -> None:
        """Show those of the messages that were not shown yet."""
        for message in messages:
            if message not in self._told:
                self._told.add(message)
                self._show(message)


def _prepare(tables: Iterable[Table]) -> list[str]:
    """Compile all rules, so that no suggestion waits for it, and return what is wrong with some."""
    problems = [f"ai-lsp: {problem}" for problem in read_own(tables).problems]
    for rule in shipped():
        rule.check()
    return problems


def _of_checks(tables: Iterable[Table]) -> list[str]:
    """Return what is wrong with checks, and which programs are not there."""
    tools, problems = read_checks(tables)
    return [f"ai-lsp: {problem}" for problem in (*problems, *missing(tools))]
