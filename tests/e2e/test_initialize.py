from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_lsp.features import COMMANDS
from tests.e2e.client import CAPABILITIES
from tests.e2e.conftest import Start

CLIENTS = sorted((Path(__file__).parents[1] / "data" / "capabilities").glob("*.json"))
ENCODINGS = {
    "eglot-1.17.30-emacs-30.1": "utf-32",
    "eglot-1.9-emacs-28.2": "utf-16",
    "helix-25.01.1": "utf-8",
    "helix-25.07.1": "utf-8",
    "lsp-mode-10.0.0-emacs-30.1": "utf-32",
    "neovim-0.11.4": "utf-8",
    "neovim-0.12.4": "utf-8",
    "vscode-1.139.1-languageclient-11.0.0": "utf-16",
}


@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: path.stem)
async def test_every_captured_client(launch: Start, path: Path) -> None:
    captured = json.loads(path.read_text("utf-8"))
    client = await launch(capabilities=captured.get("capabilities", captured))
    announced = client.initialized["capabilities"]
    assert announced["positionEncoding"] == ENCODINGS[path.stem]
    assert announced["inlineCompletionProvider"] is not None
    assert announced["completionProvider"]  # an empty one is none to Vim's ALE
    assert announced["textDocumentSync"]["change"] == 2
    assert set(announced["executeCommandProvider"]["commands"]) == set(COMMANDS)
    assert announced["codeActionProvider"] == {
        "codeActionKinds": ["quickfix", "refactor", "refactor.rewrite", "source"],
        "resolveProvider": True,
    }


async def test_says_who_it_is(launch: Start) -> None:
    client = await launch()
    assert client.initialized["serverInfo"]["name"] == "ai-lsp"


async def test_it_answers_before_the_model_is_loaded(launch: Start) -> None:
    client = await launch()
    document = client.open("def f():\n    retur")
    first = await client.suggest(document)
    await client.ready()
    assert first.result is None or first.text == "n"
    assert client.statuses[0]["params"]["busy"] is True


async def test_progress_while_loading(launch: Start) -> None:
    client = await launch()
    await client.ready()
    created = [request for request in client.requests if request["method"] == "window/workDoneProgress/create"]
    kinds = [note["params"]["value"]["kind"] for note in client.notifications if note["method"] == "$/progress"]
    assert len(created) == 1
    assert kinds == [] or (kinds[0], kinds[-1]) == ("begin", "end")


async def test_no_progress_where_the_client_has_none(launch: Start) -> None:
    client = await launch(capabilities={**CAPABILITIES, "window": {}})
    await client.ready()
    assert client.requests == []


@pytest.mark.parametrize("name", ["Emacs", "eglot", "emacs"])
async def test_no_status_for_clients_that_warn_about_it(launch: Start, name: str) -> None:
    client = await launch(name=name)
    document = client.open("x = 1\n")
    while (await client.command("ai-lsp.status"))["engine"] != "ready":
        pass
    await client.suggest(document)
    assert client.statuses == []


async def test_requests_out_of_turn(launch: Start) -> None:
    client = await launch(initialize=False)
    client.may_complain = True
    early = await client.request("textDocument/inlineCompletion", {})
    assert early.code == -32602 or early.code == -32002
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    assert (await client.request("initialize", params)).result
    assert (await client.request("shutdown", None)).result is None
    assert (await client.request("ai-lsp/none", {})).code == -32600
    client.notify("exit", None)
    assert await client.process.wait() == 0
