"""A real server process over stdio, and a client that sees every message."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ai_lsp.models.store import ModelNotFound, resolve
from tests.e2e.acting import Acting, started
from tests.e2e.client import Client, start

Start = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session", autouse=True)
def default_model() -> Path:
    try:
        return resolve("smollm2-135m").path
    except ModelNotFound as error:
        pytest.fail(f"the tests need the real default model; run: make model ({error})")


@pytest_asyncio.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Start]:
    """Start servers with a configuration of the test's own, and end them after it."""
    clients: list[Client] = []

    async def start_one(
        *, env: dict[str, str] | None = None, module: tuple[str, ...] = ("ai_lsp", "serve"), **options: Any
    ) -> Client:
        empty = tmp_path / "config.toml"
        empty.touch()
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("AI_LSP_") or key == "AI_LSP_MODELS_DIR"
        }
        # What is suggested must not depend on how busy the machine is, nor on what an earlier test left on disk.
        calm = {
            "AI_LSP_COMPLETION_DEADLINE_MS": "10000",
            "AI_LSP_CONTEXT_GATHER_MS": "1000",
            "AI_LSP_MODEL_SHELF_MB": "0",
        }
        folders = {f"XDG_{name.upper()}_HOME": str(tmp_path / name) for name in ("cache", "state")}
        environment.update({"AI_LSP_CONFIG": str(empty), **folders, **calm, **(env or {})})
        command = [sys.executable, "-m", *module]
        client = await start(command, environment, **options)
        clients.append(client)
        return client

    yield start_one
    for client in clients:
        await client.end()


@pytest_asyncio.fixture
async def client(launch: Start) -> Client:
    """A client of a server whose model is loaded."""
    one = await launch()
    await one.ready()
    return one


@pytest_asyncio.fixture
async def acting(launch: Start, tmp_path: Path) -> Acting:
    """A client that has a repository's file open, with a scripted model."""
    one = Acting(tmp_path)
    one.client = await started(launch, one)
    one.open()
    return one
