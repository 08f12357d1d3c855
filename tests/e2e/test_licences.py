"""A suggestion that completes a passage of vendored code is kept back by a server that has an index of it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Start
from tests.licences.packages import Workspace, write

PASSAGE = """def read_file(path):
    with open(path) as f:
        return f.read()


def write_file(path, text):
    with open(path, "w") as f:
        f.write(text)


def area(width, height):
    ret"""


async def test_a_copied_passage_is_not_completed(launch: Start, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, {"vendor/lib/COPYING": "GNU GENERAL PUBLIC LICENSE\nVersion 3\n"})
    client = await launch(root=workspace.root.as_uri())
    await client.ready()
    shown = (await client.suggest(client.open(PASSAGE))).text
    assert shown
    await client.end()

    write(workspace.root, {"vendor/lib/files.py": PASSAGE + shown + "\n"})
    workspace.folder = tmp_path / "cache" / "ai-lsp" / "licences"
    workspace.path = workspace.folder / workspace.path.name
    workspace.build()
    client = await launch(root=workspace.root.as_uri())
    await client.ready()
    reply = await client.suggest(client.open(PASSAGE))
    assert reply.text is None
    why = await client.why()
    assert why["decisions"][-1]["filter"] == "licence"
    assert f"{workspace.root}/vendor/lib/files.py:1 (lib, GPL-3.0-only)" in why["decisions"][-1]["reason"]
    assert list((await client.command("ai-lsp.status"))["licences"]) == [str(workspace.root)]
