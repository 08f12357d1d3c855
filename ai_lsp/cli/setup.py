"""`ai-lsp setup`: writes an editor's configuration, after showing it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import click

from ai_lsp.setup import files, vscode
from ai_lsp.setup.recipes import RECIPES, this_machine


@click.command()
@click.argument("editor", type=click.Choice([*RECIPES, "vscode"]))
@click.option("--undo", is_flag=True, help="Take out what was put in; what you changed since stays.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--print", "only_print", is_flag=True, help="Only show what would be done.")
@click.option(
    "--vsix",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For VS Code: the packaged extension; the one that `make vsix` made unless given.",
)
def setup(editor: str, undo: bool, yes: bool, only_print: bool, vsix: Path | None) -> None:
    """Set an editor up to use the server: shows the change first, keeps a backup, and can undo it."""
    if editor == "vscode":
        _extension(vsix, undo, yes, only_print)
    else:
        _configuration(editor, undo, yes, only_print)


def _configuration(editor: str, undo: bool, yes: bool, only_print: bool) -> None:
    recipe, machine = RECIPES[editor], this_machine()
    try:
        change = (files.undoing if undo else files.setting_up)(recipe, machine)
        if not change.diff:
            click.echo(f"nothing to do: {change.path} {'has nothing of ai-lsp' if undo else 'is set up already'}")
            return
        click.echo(change.diff)
        if only_print or not (yes or click.confirm("Write this?")):
            return
        backup = change.apply()
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{recipe.path(machine)}: {error}") from error
    click.echo(
        f"{'wrote' if change.new else 'removed'} {change.path}" + (f"; as it was: {backup}" if backup else "")
    )
    if not undo:
        click.echo(f"{recipe.after} To undo it: ai-lsp setup {editor} --undo")
        if not any(map(shutil.which, recipe.programs)):
            click.echo(f"{recipe.programs[0]} is not on the PATH; its configuration is ready for it", err=True)


def _extension(vsix: Path | None, undo: bool, yes: bool, only_print: bool) -> None:
    program = next(filter(None, map(shutil.which, ("code", "codium", "code-server"))), None)
    if program is None:
        raise click.ClickException("none of code, codium, code-server is on the PATH")
    wanted = None if undo else vsix or vscode.packaged()
    if wanted is None and not undo:
        raise click.ClickException("there is no extension: run `make vsix` in a checkout, or give --vsix FILE")
    command = vscode.command(program, wanted)
    click.echo(shlex.join(command))
    if only_print or not (yes or click.confirm("Run this?")):
        return
    if subprocess.run(command).returncode:
        raise click.ClickException(f"{program} failed, see above")
    if not undo:
        click.echo("Open a folder in VS Code; what is missing, it offers. To undo: ai-lsp setup vscode --undo")
