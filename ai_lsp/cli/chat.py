"""`ai-lsp chat`: the chat of editors, in the terminal."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ai_lsp import child

if TYPE_CHECKING:
    from ai_lsp.cli.chatter import Chatter


@click.command()
@click.argument("question", nargs=-1)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that it is about; the current one's repository unless given.",
)
@click.option("--resume", metavar="ID", help="Go on with a conversation; `last` is the latest one.")
@click.option("--list", "listing", is_flag=True, help="Show the conversations that are kept, the newest first.")
@click.option("--show", metavar="ID", help="Show what was said in a conversation.")
@click.option("--delete", metavar="ID", help="Delete a conversation; `all` deletes every one.")
def chat(
    question: tuple[str, ...],
    root: Path | None,
    resume: str | None,
    listing: bool,
    show: str | None,
    delete: str | None,
) -> None:
    """Ask a QUESTION about code, or talk until end of input.

    @file:PATH, @symbol:NAME, @diff and @repo show the model what they name; /ACTION FILE:LINE runs an action
    there, and asks before it changes a file. What is said stays on this machine, unless your options name a model
    elsewhere.
    """
    from ai_lsp.chat.conversation import Conversations, NoConversation

    kept = Conversations()
    try:
        if listing or show or delete:
            _manage(kept, listing, show, delete)
            return
        child.run(_talk(" ".join(question), root, resume))
    except NoConversation as error:
        raise click.ClickException(str(error)) from error


def _manage(kept: object, listing: bool, show: str | None, delete: str | None) -> None:
    from ai_lsp.chat.conversation import Conversations

    assert isinstance(kept, Conversations)
    if listing:
        for one in kept.all():
            click.echo(f"{one.id}  {len(one.messages) // 2:3} questions  {one.title}")
    if show:
        for message in kept.read(show).messages:
            click.echo(f"> {message.content}\n" if message.role == "user" else f"{message.content}\n")
    if delete:
        names = [one.id for one in kept.all()] if delete == "all" else [delete]
        for name in names:
            kept.delete(name)
        click.echo(f"deleted {len(names)}")


async def _talk(question: str, root: Path | None, resume: str | None) -> None:
    from ai_lsp.cli.chatter import Chatter
    from ai_lsp.cli.complete import project_of

    folder = root.absolute() if root is not None else project_of(Path().absolute() / "x")
    async with Chatter.open(folder, resume) as chatter:
        if question:
            if not await _answered(chatter, question):
                raise SystemExit(1)
            return
        while (line := await asyncio.to_thread(_read)) is not None:
            if line.strip():
                await _answered(chatter, line)


async def _answered(chatter: Chatter, question: str) -> bool:
    """Answer one question on standard output; tell on standard error what is wrong, and whether nothing was."""
    from ai_lsp.actions.action import Refused
    from ai_lsp.providers.chat import ProviderError

    try:
        await chatter.answer(question)
    except (Refused, ProviderError, OSError) as error:
        click.echo(f"ai-lsp: {error}", err=True)
        return False
    return True


def _read() -> str | None:
    """Return a line of input, None at its end."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False, err=True)
    line = sys.stdin.readline()
    return line if line else None
