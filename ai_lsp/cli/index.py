"""`ai-lsp index`: what indexes lie on the disk, and what to do about one."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ai_lsp import child

if TYPE_CHECKING:
    from ai_lsp.index.status import Status
    from ai_lsp.index.upkeep import KeptIndex

_USED = "the index of {} is in use: close the folder in every editor first"


@click.group()
def index() -> None:
    """The indexes of folders: see which there are, delete one, build one anew."""


@index.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def list_command(as_json: bool) -> None:
    """Show the folder, size, files, lines and last use of each index."""
    from ai_lsp.index import schema
    from ai_lsp.index.upkeep import kept_indexes

    rows = [_row(one) for one in kept_indexes(schema.default_folder())]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        used = time.strftime("%Y-%m-%d", time.localtime(float(str(row["used"]))))
        size = f"{int(str(row['bytes'])) / 1e6:.1f} MB, {row['files']} files, {row['lines']} lines"
        click.echo(f"{row['folder'] or row['index']}\n    {size}, used {used}, {row['state']}")
    total = sum(int(str(row["bytes"])) for row in rows) / 1e6
    click.echo(f"{len(rows)} indexes, {total:.1f} MB, in {schema.default_folder()}")


def _row(one: KeptIndex) -> dict[str, object]:
    from ai_lsp.index.upkeep import counts, is_used

    files, lines = counts(one.path)
    state = "in use" if is_used(one.path) else "the folder is gone" if one.is_gone else "not in use"
    return {
        "folder": str(one.root) if one.root else None,
        "index": str(one.path),
        "bytes": one.n_bytes,
        "files": files,
        "lines": lines,
        "used": one.used,
        "state": state,
    }


@index.command("remove")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--gone", is_flag=True, help="Those of all folders that are no longer there, too.")
@click.option("--all", "every", is_flag=True, help="All that are not in use.")
def remove_command(folders: tuple[Path, ...], gone: bool, every: bool) -> None:
    """Delete the indexes of FOLDERS; they are built anew when the folders are opened again."""
    from ai_lsp.index import schema
    from ai_lsp.index.upkeep import kept_indexes, remove

    if not (folders or gone or every):
        raise click.UsageError("name a folder, or say --gone or --all; `ai-lsp index list` shows what there is")
    there = {one.path: one for one in kept_indexes(schema.default_folder())}
    named = {path: folder for folder in folders for path in (folder, schema.path_for(folder)) if path in there}
    if missing := [folder for folder in folders if folder not in named.values()]:
        raise click.ClickException(f"there is no index of {missing[0]}; `ai-lsp index list` shows what there is")
    wanted = [one for one in there.values() if one.path in named or every or (gone and one.is_gone)]
    freed = 0
    for one in wanted:
        if remove(one.path):
            freed += one.n_bytes
            click.echo(f"removed the index of {one.root or one.path}")
        elif one.path in named:
            raise click.ClickException(_USED.format(one.root or one.path))
    click.echo(f"{freed / 1e6:.1f} MB freed")


@index.command("rebuild")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
def rebuild_command(folder: Path) -> None:
    """Delete the index of FOLDER (by default the current one) and build it anew."""
    from ai_lsp.index import schema
    from ai_lsp.index.upkeep import remove

    path = schema.path_for(folder)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not remove(path):
        raise click.ClickException(_USED.format(folder))
    status = child.run(_build(folder.absolute()))
    if status.kind != "ready":
        raise click.ClickException(f"the index is {status.kind}: {status.message}")


async def _build(folder: Path) -> Status:
    """Build an index and show how it goes; returns how it ended."""
    from ai_lsp import config
    from ai_lsp.cli.complete import Progress
    from ai_lsp.index.client import IndexBuilder
    from ai_lsp.knowledge import index_settings

    settled: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
    show = Progress()

    def told(status: Status) -> None:
        show(status)
        if status.kind not in ("building", "off") and not settled.done():
            settled.set_result(status)

    builder = IndexBuilder(folder, index_settings(config.load(folder).options.context), told)
    builder.start()
    try:
        return await settled
    finally:
        await builder.stop()
