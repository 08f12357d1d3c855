"""What the server asks of its engine when documents come and go, with a fake engine."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from lsprotocol import types

from ai_lsp import typist
from ai_lsp.engine.generation import Generation
from ai_lsp.server import Server
from ai_lsp.workspace import DocumentWorkspace
from tests.fakes import FakeEngine

URI = "file:///work/a.py"
LINES = "".join(f"value_{n} = {n}\n" for n in range(1000))


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def server(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with one long document open, and no client."""
    workspace = DocumentWorkspace("file:///work")
    workspace.put_text_document(types.TextDocumentItem(URI, "python", 1, LINES))
    monkeypatch.setattr(Server, "documents", property(lambda _self: workspace))
    one = Server()
    monkeypatch.setattr(one, "active", lambda: None)
    pipeline = one.typist.pipeline
    monkeypatch.setattr(typist, "_REQUEST_SECONDS", 0.0)
    pipeline.engine = pipeline.warming.engine = pipeline.flights.engine = engine
    return one


async def warmed(engine: FakeEngine) -> list[str]:
    """Return the ends of what was warmed, after what waits for no time: context is gathered by tasks."""
    for _ in range(20):
        await asyncio.sleep(0)
    return [job.choice.full.text[-20:] for job in engine.warm_ups]


def change(server: Server, line: int, text: str) -> None:
    """Type `text` at the start of a line."""
    at = types.Position(line, 0)
    edit = types.TextDocumentContentChangePartial(text=text, range=types.Range(at, at))
    identifier = types.VersionedTextDocumentIdentifier(version=2, uri=URI)
    server.documents.update_text_document(identifier, edit)
    server.typist.edited(types.DidChangeTextDocumentParams(identifier, [edit]))


async def test_a_long_document_is_not_warmed_before_anything_was_done_there(
    server: Server, engine: FakeEngine
) -> None:
    server.typist.focused(URI)
    change(server, 500, "x")
    server.typist.focused(URI)
    assert await warmed(engine) == []


async def test_who_comes_back_finds_the_place_warm_where_it_was_left(server: Server, engine: FakeEngine) -> None:
    server.typist._asked.add(URI)
    change(server, 500, "here = ")
    server.typist.focused(URI)
    assert [text.endswith("\nhere = ") for text in await warmed(engine)] == [True, True]


async def test_a_request_does_itself_what_its_edit_needs(server: Server, engine: FakeEngine) -> None:
    server.typist._asked.add(URI)
    change(server, 500, "here = ")
    asked = asyncio.create_task(server.typist.suggest(URI, types.Position(500, 7), manual=True))
    assert await warmed(engine) == []
    (job,) = engine.completions
    assert job.choice.full.text.endswith("\nhere = ")
    asked.cancel()


async def test_of_edits_that_come_together_the_last_is_warmed(server: Server, engine: FakeEngine) -> None:
    server.typist._asked.add(URI)
    change(server, 500, "a = ")
    change(server, 400, "b = ")
    assert [text[-5:] for text in await warmed(engine)] == ["\nb = "]


async def test_a_document_that_was_closed_meanwhile_is_not_warmed(server: Server, engine: FakeEngine) -> None:
    server.typist._asked.add(URI)
    change(server, 500, "a = ")
    server.typist.closed(URI)
    assert await warmed(engine) == []


async def test_dense_text_has_a_shorter_window(server: Server, engine: FakeEngine) -> None:
    server.typist._asked.add(URI)
    for line in (500, 501):
        change(server, line, "a = ")
        await warmed(engine)
        server.typist.pipeline.warming.room.learn(URI, Generation(chars_per_token=1.6))
    sizes = [len(job.choice.around.prefix) for job in engine.warm_ups if job.choice.around is not None]
    assert [size > 1047 for size in sizes] == [True, False], "1904 tokens at 1.6 characters, 2,000 of context"


async def test_a_short_document_is_warmed_to_its_end(server: Server, engine: FakeEngine) -> None:
    server.documents.put_text_document(types.TextDocumentItem("file:///work/b.py", "python", 1, "x = 1\ny = "))
    server.typist.focused("file:///work/b.py")
    assert await warmed(engine) == ["# b.py\nx = 1\ny = "]


def test_no_start_waits_for_what_only_actions_and_providers_need() -> None:
    code = "import sys, ai_lsp.features; print({'jinja2', 'httpx', 'keyring', 'tomlkit'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
