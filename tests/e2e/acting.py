"""A client that opens files of a repository and asks for actions, over a server with a scripted model."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.e2e.client import CAPABILITIES, Client, Document, Json

CODE_ACTION: Json = {
    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source"]}},
    "isPreferredSupport": True,
    "disabledSupport": True,
    "dataSupport": True,
    "resolveSupport": {"properties": ["edit"]},
}
WORKSPACE: Json = {
    "applyEdit": True,
    "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
}
FULL: Json = {
    **CAPABILITIES,
    "textDocument": {"inlineCompletion": {}, "codeAction": CODE_ACTION},
    "workspace": WORKSPACE,
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}
TEXT = '''import os


def total(prices, tax):
    result = 0
    for price in prices:
        result = result + price
    return result * (1 + tax)


def largest(numbers):
    """Return the largest number."""
    ...


# ai: double it
x = 1

# Das ist die Summe
y = opn(2)
'''
SECONDS = 120.0
"""How long a real model may take where others want the processor too."""
LINES = {"total": 4, "largest": 12, "instruction": 16, "comment": 18, "error": 19}


class Acting:
    """A scripted model's answers, and a client that asks for actions in one document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.script = folder / "script.json"
        self.shown: list[str] = []
        self.applied: list[Json] = []
        self.client: Client
        self.document: Document
        self.applies = True
        self.folder.mkdir()
        subprocess.run(["git", "init", "-q"], cwd=self.folder, check=True)
        (self.folder / "pytest.ini").touch()
        self.says("")

    @property
    def env(self) -> dict[str, str]:
        return {"SCRIPT": str(self.script)}

    def says(self, *answers: str) -> None:
        self.script.write_text(json.dumps(answers))

    @property
    def asked(self) -> list[Json]:
        """The wishes that the model got."""
        path = self.script.with_suffix(".asked")
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def go_on(self) -> None:
        """Let a slow answer end."""
        self.script.with_suffix(".go").touch()

    def answer(self, request: Json) -> Any:
        """What the client answers to the server's own requests."""
        if request["method"] == "window/showDocument":
            self.shown.append(Path(request["params"]["uri"].removeprefix("file://")).read_text("utf-8"))
            return {"success": True}
        if request["method"] == "workspace/applyEdit":
            self.applied.append(request["params"])
            return {"applied": self.applies, "failureReason": "no"}
        return None

    def open(self, text: str = TEXT, name: str = "shop.py", language: str = "python") -> Document:
        path = self.folder / name
        path.write_text(text)
        self.document = self.client.open(text, path.as_uri(), language)
        return self.document

    async def actions(self, line: int, last: int | None = None, **context: Any) -> list[Json]:
        end = {"line": line, "character": 0} if last is None else {"line": last, "character": 4}
        params = {
            "textDocument": {"uri": self.document.uri},
            "range": {"start": {"line": line, "character": 0}, "end": end},
            "context": {"diagnostics": [], "triggerKind": 1, **context},
        }
        return (await self.client.request("textDocument/codeAction", params)).result or []

    async def action(self, word: str, line: int, last: int | None = None, **context: Any) -> Json:
        return next(one for one in await self.actions(line, last, **context) if one["title"].startswith(word))

    async def resolved(self, word: str, line: int, last: int | None = None, **context: Any) -> Json:
        action = await self.action(word, line, last, **context)
        result: Json = (await asyncio.wait_for(self.client.send("codeAction/resolve", action), SECONDS)).result
        return result

    async def run(self, word: str, line: int, last: int | None = None, **context: Any) -> Json:
        command = (await self.action(word, line, last, **context))["command"]
        result: Json = await self.client.command(command["command"], *command["arguments"])
        return result

    def progress(self, kind: str) -> list[Json]:
        values = [note["params"]["value"] for note in self.client.notifications if note["method"] == "$/progress"]
        return [value for value in values if value.get("kind") == kind]


def edited(text: str, edit: Json) -> str:
    """A document after the edits of the one document that a workspace edit has."""
    [change] = edit["documentChanges"]
    lines = text.split("\n")
    for one in sorted(change["edits"], key=lambda e: -e["range"]["start"]["line"]):
        (a, b), (c, d) = ((p["line"], p["character"]) for p in (one["range"]["start"], one["range"]["end"]))
        new = lines[a][:b] + one["newText"] + lines[c][d:]
        lines[a : c + 1] = new.split("\n")
    return "\n".join(lines)


async def started(
    launch: Callable[..., Awaitable[Client]], one: Acting, env: dict[str, str] | None = None, **options: Any
) -> Client:
    """Start a server whose model is `one`'s script, by default for a client that can do everything."""
    options = {"capabilities": FULL, **options}
    root = one.folder.as_uri()
    return await launch(
        env={**one.env, **(env or {})}, module=("tests.scripted",), root=root, answer=one.answer, **options
    )
