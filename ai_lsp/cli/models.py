"""`ai-lsp models`: list, use, pull, path, remove, optimise."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from ai_lsp.cli import lines
from ai_lsp.config import load, user_file
from ai_lsp.models.catalogue import CATALOGUE, DEFAULT
from ai_lsp.models.store import InstalledModel, ModelError, installed, remove, resolve
from ai_lsp.roles.choosing import use
from ai_lsp.roles.table import ROLES
from ai_lsp.userfile import UserFileError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID
    from rich.table import Table

    from ai_lsp.models.progress import Progress
    from ai_lsp.models.tuning import Tuning


class Guarded(click.Group):
    """Shows errors about models as plain messages with exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises `click.ClickException`."""
        try:
            return super().invoke(ctx)
        except ModelError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Guarded)
def models() -> None:
    """Local models: get them, list them, make them fast on this machine."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="The installed models as JSON.")
@click.option("--catalogue", is_flag=True, help="With --json: the models that can be pulled by name instead.")
def list_command(as_json: bool, catalogue: bool) -> None:
    """Show what is installed and what can be pulled."""
    present = installed()
    if as_json:
        rows = [dataclasses.asdict(model) for model in (CATALOGUE if catalogue else present)]
        click.echo(json.dumps(rows, indent=2, default=str))
        return
    console = _console(sys.stdout)
    console.print(_installed_table(present) if present else "no model is installed; run: ai-lsp models pull")
    console.print(_catalogue_table({model.name for model in present}))
    console.print("Only the default could be downloaded to pin its sha256; see docs/models.md.", style="dim")


@models.command("path")
@click.argument("name")
def path_command(name: str) -> None:
    """Print the file that would be loaded for NAME, and nothing else."""
    click.echo(resolve(name).path)


@models.command("use")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("model")
def use_command(role: str, model: str) -> None:
    """Have MODEL do the job ROLE from now on, also in servers that run: it is written to your settings.

    MODEL is the name of a local model, or PROVIDER:MODEL for one of the [[providers]] in your settings; `none` for
    embed and rerank to have no model.
    """
    file = user_file(os.environ)
    configuration = load()
    try:
        use(role, model, configuration.options, file)
    except (ValueError, UserFileError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{role} = {model} ({file})")
    source = load().origins[f"roles.{role}"]
    if source != str(file):
        click.echo(f"but {source} says otherwise, which wins", err=True)


@models.command("remove")
@click.argument("name")
def remove_command(name: str) -> None:
    """Forget NAME and delete what was downloaded or made for it; a file of your own stays."""
    freed = remove(name)
    click.echo(f"removed {name.lower()} ({freed / 1e6:.0f} MB freed)")


@models.command("pull")
@click.argument("source", default=DEFAULT)
@click.option("--name", help="The name to register it under (default: from the source).")
@click.option("--sha256", help="What the file's sha256 must be.")
@click.option("--force", is_flag=True, help="Fetch it even though it is installed.")
@click.option("--no-optimise", is_flag=True, help="Do not look for the fastest copy and settings afterwards.")
@click.option("--gpu-layers", default=0, help="Layers on the GPU while optimising; -1 for all.")
@click.option("--json", "as_json", is_flag=True, help="Write progress to standard error as JSON, one line each.")
def pull_command(
    source: str,
    name: str | None,
    sha256: str | None,
    force: bool,
    no_optimise: bool,
    gpu_layers: int,
    as_json: bool,
) -> None:
    """Get a model, then optimise it for this machine.

    SOURCE is a name from `models list`, the path of a GGUF file of yours (which stays where it is), an https://
    address, or hf:OWNER/REPO/FILE.gguf.
    """
    from ai_lsp.models.pull import plan, pull

    wanted = plan(source, name=name, sha256=sha256)
    present = {model.name: model for model in installed()}.get(wanted.name.casefold())
    if present and present.path.is_file() and not force:
        click.echo(f"{present.name} is already installed: {present.path}\n(--force fetches it again)")
        return
    with contextlib.nullcontext(lines.progress) if as_json else _bars() as progress:
        model = pull(wanted, progress)
    click.echo(f"{model.name} is installed: {model.path}")
    click.echo(f"licence: {model.licence}")
    if no_optimise:
        return
    try:
        _optimise(model, gpu_layers, force=True, say=lines.say if as_json else None)
    except ModelError as error:
        click.echo(f"the model works, but was not optimised: {error}", err=True)


@models.command("optimise")
@click.argument("name", default=DEFAULT)
@click.option("--gpu-layers", default=0, help="Layers to put on the GPU; -1 for all.")
@click.option("--force", is_flag=True, help="Measure again although this machine was measured before.")
def optimise_command(name: str, gpu_layers: int, force: bool) -> None:
    """Find the fastest copy and settings of NAME on this machine, and keep them."""
    _optimise(resolve(name), gpu_layers, force)


def _optimise(
    model: InstalledModel, gpu_layers: int, force: bool, say: Callable[[str], None] | None = None
) -> None:
    from ai_lsp.models.bench import QUIET
    from ai_lsp.models.optimise import optimise

    console = _console(sys.stderr)
    tell = say or (lambda step: console.print(step, style="dim"))
    tuning = optimise(model, gpu_layers=gpu_layers, force=force, say=tell)
    if say is None:
        console.print(_measured_table(tuning))
    click.echo(_gain(tuning))
    if tuning.cpu_share < QUIET and not gpu_layers:
        click.echo("other programs disturbed this; once the machine is quiet, run it again with --force", err=True)


def _gain(tuning: Tuning) -> str:
    files = {row["file"]: row for row in tuning.measured if "score_ms" in row and "file" in row}
    original = next((row for row in files.values() if row["verdict"] == "original"), None)
    chosen = files.get(tuning.quant)
    settings = (
        f"threads {tuning.threads} (prefill {tuning.threads_batch}), ubatch {tuning.ubatch}, "
        f"flash attention {'on' if tuning.flash_attn else 'off'}"
    )
    if original is None or chosen is None or chosen is original:
        return f"the file as it is ({tuning.quant}) is the best here; {settings}"
    return (
        f"{tuning.quant} answers in {chosen['score_ms']:.0f} ms instead of {original['score_ms']:.0f} ms: "
        f"prefill {original['prefill_tps']:.0f} -> {chosen['prefill_tps']:.0f} tokens/s, "
        f"decode {original['decode_ms']:.1f} -> {chosen['decode_ms']:.1f} ms/token, "
        f"same next token at {tuning.agreement:.1%} of the places; {settings}"
    )


def _console(file: object) -> Console:
    from rich.console import Console

    terminal = bool(getattr(file, "isatty", bool)())
    return Console(file=file, width=None if terminal else 160, highlight=False)  # type: ignore[arg-type]


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=column in ("NAME", "FILE"), overflow="fold")
    return table


def _installed_table(present: list[InstalledModel]) -> Table:
    table = _table("NAME", "INSTALLED FILE", "MB", "LICENCE", "PREFILL", "DECODE")
    for model in present:
        found, tuning = model.path.is_file(), model.tuning
        table.add_row(
            model.name,
            model.path.name if found else f"gone: {model.original}",
            f"{model.path.stat().st_size / 1e6:.0f}" if found else "-",
            model.licence,
            f"{tuning.prefill_tps:.0f} tokens/s" if tuning else "not measured",
            f"{tuning.decode_ms:.1f} ms/token" if tuning else "-",
        )
    return table


def _catalogue_table(present: set[str]) -> Table:
    table = _table("\nNAME", "\nMB", "RAM\nMB", "\nFIM", "\nLICENCE", "\nGOOD FOR")
    for entry in CATALOGUE:
        note = f" ({entry.licence_note})" if entry.licence_note else ""
        mark = " *" if entry.name in present else ""
        table.add_row(
            entry.name + mark,
            str(entry.size_mb),
            str(entry.ram_mb),
            "yes" if entry.fim else "no",
            entry.licence + note,
            entry.good_for,
        )
    return table


def _measured_table(tuning: Tuning) -> Table:
    table = _table("FILE", "AGREES", "PREFILL/s", "KEYSTROKE", "DECODE", "COMPLETION", "VERDICT")
    for row in tuning.measured:
        if "file" not in row:
            continue
        numbers = ["-"] * 5
        if "score_ms" in row:
            numbers = [f"{row['agreement']:.1%}", f"{row['prefill_tps']:.0f}", f"{row['warm_ms']:.1f} ms"]
            numbers += [f"{row['decode_ms']:.1f} ms", f"{row['score_ms']:.0f} ms"]
        table.add_row(row["file"], *numbers, row["verdict"])
    return table


@contextlib.contextmanager
def _bars() -> Iterator[Progress]:
    """Progress bars on standard error, one for each kind of work that is reported."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = _console(sys.stderr)
    shown = Bars(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)
    try:
        yield _Report(shown)
    finally:
        shown.stop()


class _Report:
    def __init__(self, shown: Bars) -> None:
        self._shown = shown
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, total: int | None) -> None:
        if not self._tasks:
            self._shown.start()  # not before: huggingface_hub draws its own bars
        if what not in self._tasks:
            self._tasks[what] = self._shown.add_task(what)
        self._shown.update(self._tasks[what], completed=done, total=total)
