import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ai_lsp.models import hub as hub_module
from ai_lsp.models import store
from ai_lsp.models.catalogue import HubSource
from ai_lsp.models.pull import plan, pull
from ai_lsp.models.store import ModelError
from tests.models.fake_hub import FakeHub, make_gguf

SOURCE = HubSource("owner/repo", "folder/tiny.gguf")


class Library(ModuleType):
    """Stands in for huggingface_hub: writes the file, or fails as it is told."""

    def __init__(self) -> None:
        super().__init__("huggingface_hub")
        self.errors = errors = ModuleType("huggingface_hub.errors")
        errors.HfHubHTTPError = type("HfHubHTTPError", (OSError,), {})
        errors.RepositoryNotFoundError = type("RepositoryNotFoundError", (errors.HfHubHTTPError,), {})
        errors.GatedRepoError = type("GatedRepoError", (errors.RepositoryNotFoundError,), {})
        errors.EntryNotFoundError = type("EntryNotFoundError", (Exception,), {})
        errors.LocalEntryNotFoundError = type("LocalEntryNotFoundError", (errors.EntryNotFoundError,), {})
        errors.OfflineModeIsEnabled = type("OfflineModeIsEnabled", (ConnectionError,), {})
        self.failure: Exception | None = None
        self.content = make_gguf()

    def hf_hub_download(self, repo: str, file: str, *, local_dir: Path) -> str:
        path = Path(local_dir, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".incomplete").write_bytes(b"half")
        if self.failure:
            raise self.failure
        path.write_bytes(self.content)
        return str(path)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    stand_in = Library()
    monkeypatch.setitem(sys.modules, "huggingface_hub", stand_in)
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", stand_in.errors)
    return stand_in


def test_file_is_registered(library: Library, models_home: Path) -> None:
    model = pull(plan("hf:owner/repo/folder/tiny.gguf"))
    assert (model.name, model.source, model.licence) == ("tiny", "hf:owner/repo/folder/tiny.gguf", "mit")
    assert sorted(path.name for path in (models_home / "tiny").iterdir()) == ["model.json", "tiny.gguf"]


def test_catalogue_licence_wins_over_the_files_own(library: Library) -> None:
    assert pull(plan("codestral-22b")).licence == "MNPL-0.1"


def test_half_a_download_is_kept_for_the_next_try(library: Library, models_home: Path) -> None:
    library.failure = OSError("connection reset")
    with pytest.raises(ModelError, match="connection reset"):
        pull(plan("hf:owner/repo/tiny.gguf"))
    assert (models_home / "tiny" / ".hub" / "tiny.incomplete").exists()
    assert store.installed() == []


def test_page_instead_of_a_model(library: Library, models_home: Path) -> None:
    library.content = b"<html>"
    with pytest.raises(ModelError, match="cannot be used"):
        pull(plan("hf:owner/repo/tiny.gguf"))
    assert not (models_home / "tiny").exists()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ModelError, match=r"pip install 'ai-lsp\[hub\]'") as caught:
        hub_module.fetch(SOURCE, tmp_path)
    assert "https://huggingface.co/owner/repo/resolve/main/folder/tiny.gguf" in str(caught.value)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("GatedRepoError", "accept its terms at https://huggingface.co/owner/repo"),
        ("RepositoryNotFoundError", "no repository owner/repo"),
        ("EntryNotFoundError", "no file folder/tiny.gguf"),
        ("LocalEntryNotFoundError", "are you offline"),
        ("OfflineModeIsEnabled", "cannot download"),
        ("HfHubHTTPError", "cannot download"),
    ],
)
def test_failures_say_what_to_do(library: Library, tmp_path: Path, error: str, message: str) -> None:
    library.failure = getattr(library.errors, error)("no")
    with pytest.raises(ModelError, match=message):
        hub_module.fetch(SOURCE, tmp_path)


def test_real_library_against_a_hub_on_loopback(hub: FakeHub, models_home: Path) -> None:
    pytest.importorskip("huggingface_hub")
    command = [sys.executable, "-m", "ai_lsp.cli", "models", "pull", "hf:owner/repo/tiny.gguf", "--no-optimise"]
    environment = {**os.environ, "HF_ENDPOINT": hub.base, "HF_HOME": str(models_home.parent / "hf")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert store.resolve("tiny").path.read_bytes() == hub.content
    assert sorted(path.name for path in (models_home / "tiny").iterdir()) == ["model.json", "tiny.gguf"]
    hub.statuses = [404] * 9
    command[5] = "hf:owner/repo/other.gguf"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
