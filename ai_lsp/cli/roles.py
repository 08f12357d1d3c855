"""The models of edit and chat for commands, as the server has them."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ai_lsp.options import Options
    from ai_lsp.roles.roles import Roles


def readable_in(root: Path | None, options: Options) -> Callable[[Path], bool]:
    """Return what says of a file whether it may get into a prompt."""
    from ai_lsp.context.ignore import Readable

    roots = [root] if root is not None else []
    return Readable(roots, options.context.exclude, options.context.never_read).may_be_read


@contextlib.asynccontextmanager
async def roles_for(options: Options, may_be_read: Callable[[Path], bool]) -> AsyncIterator[Roles]:
    """Have models while the context lasts; a provider outside is asked about in the terminal."""
    from ai_lsp.engine.precedence import Precedence
    from ai_lsp.roles.roles import roles

    found = roles(Precedence(), _ask, may_be_read, _tell)
    found.use(options)
    try:
        yield found
    finally:
        await found.close()


def _tell(problem: str) -> None:
    if problem:
        click.echo(f"ai-lsp: {problem}; the order of the index is used", err=True)


async def _ask(question: str) -> bool:
    if not sys.stdin.isatty():
        click.echo(f"{question} Answer in a terminal or an editor.", err=True)
        return False
    return await asyncio.to_thread(click.confirm, question, err=True)
