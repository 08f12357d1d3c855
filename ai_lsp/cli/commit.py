"""`ai-lsp commit-message`: a message for what is staged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click


@click.command("commit-message")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The repository; the current folder's unless given.",
)
def commit_message(root: Path) -> None:
    """Print a commit message for the staged changes, such as for `git commit -e -m "$(ai-lsp commit-message)"`.

    Values that look like secrets, and files that must not be read, do not get to the model.
    """
    from ai_lsp.actions.action import Refused
    from ai_lsp.providers.chat import ProviderError

    try:
        click.echo(asyncio.run(_message(root.absolute())))
    except (Refused, ProviderError) as error:
        raise click.ClickException(str(error)) from error


async def _message(root: Path) -> str:
    from ai_lsp import config
    from ai_lsp.actions.action import Refused
    from ai_lsp.actions.catalogue import load
    from ai_lsp.actions.forms.form import Surroundings
    from ai_lsp.actions.running import Services, run
    from ai_lsp.actions.subject import Subject, Text
    from ai_lsp.cli.roles import readable_in, roles_for

    configuration = config.load(root)
    for problem in configuration.problems:
        click.echo(problem.message, err=True)
    may_be_read = readable_in(root, configuration.options)
    action = load([root])[root].actions["commit"]
    text = Text("", "COMMIT_EDITMSG", "", str(root), "git-commit", 0, [""])
    async with roles_for(configuration.options, may_be_read) as models:
        subject = Subject(text, "repository", 0, 0)
        outcome = await run(action, subject, Services(models, surroundings=Surroundings(may_be_read)))
    if outcome.failure:
        raise Refused(f"{outcome.failure}:\n{outcome.answer}")
    return "".join(change.text for change in outcome.result.changes).rstrip("\n")
