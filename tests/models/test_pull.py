import hashlib
import threading
from pathlib import Path

import pytest

from ai_lsp.models import store
from ai_lsp.models.catalogue import HubSource
from ai_lsp.models.pull import Wanted, plan, pull
from ai_lsp.models.store import ModelError, ModelNotFound
from tests.models.fake_hub import FakeHub


def test_catalogue_name_in_any_case() -> None:
    wanted = plan("Qwen2.5-CODER-3B")
    assert wanted.name == "qwen2.5-coder-3b"
    assert wanted.source == HubSource("ggml-org/Qwen2.5-Coder-3B-Q8_0-GGUF", "qwen2.5-coder-3b-q8_0.gguf")
    assert wanted.licence == "Qwen-Research"


def test_hub_file() -> None:
    wanted = plan("hf:owner/repo/folder/My Model.Q4_0.gguf", sha256="ab")
    assert wanted == Wanted("my-model.q4_0", HubSource("owner/repo", "folder/My Model.Q4_0.gguf"), None, "ab")


@pytest.mark.parametrize("source", ["hf:owner/repo", "hf:x", "hf:o/r/readme.md", "hf:o/r/../x.gguf"])
def test_bad_hub_files(source: str) -> None:
    with pytest.raises(ModelError, match="hf:OWNER/REPO/FILE"):
        plan(source)


def test_address() -> None:
    wanted = plan("https://example.com/a/Tiny%20One.gguf?download=true", name="short")
    assert wanted.name == "short"
    assert plan("https://example.com/a/Tiny%20One.gguf?download=true").name == "tiny-one"


def test_open_address_is_refused() -> None:
    with pytest.raises(ModelError, match="https only"):
        plan("http://example.com/x.gguf")


def test_unknown_names_and_missing_files() -> None:
    with pytest.raises(ModelNotFound, match="did you mean"):
        plan("qwen2.5-coder")
    with pytest.raises(ModelNotFound, match="there is no file"):
        plan("./none.gguf")


def test_file_of_ones_own_stays_where_it_is(gguf: Path, models_home: Path) -> None:
    model = pull(plan(str(gguf)))
    assert (model.name, model.path, model.source, model.licence) == ("my-model", gguf, "file", "mit")
    assert model.sha256 == hashlib.sha256(gguf.read_bytes()).hexdigest()
    assert [path.name for path in (models_home / "my-model").iterdir()] == ["model.json"]
    assert store.resolve("my-model") == model


def test_relative_path_is_kept_absolute(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(gguf.parent)
    assert pull(plan("My Model.gguf", name="mine")).path == gguf


def test_file_that_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "page.gguf"
    path.write_text("<html>")
    with pytest.raises(ModelError, match="cannot be used"):
        pull(plan(str(path)))
    assert store.installed() == []


def test_file_with_another_sha256(gguf: Path) -> None:
    with pytest.raises(ModelError, match="sha256 is wrong"):
        pull(plan(str(gguf), sha256="0" * 64))


def test_address_is_downloaded_and_registered(hub: FakeHub, models_home: Path) -> None:
    model = pull(plan(hub.url))
    assert (model.name, model.source, model.licence) == ("tiny-model.q4_0", hub.url, "mit")
    assert model.path == models_home / "tiny-model.q4_0" / "Tiny-Model.Q4_0.gguf"
    assert model.path.read_bytes() == hub.content


def test_failed_download_leaves_no_trace(hub: FakeHub, models_home: Path) -> None:
    hub.statuses = [404]
    with pytest.raises(ModelError):
        pull(plan(hub.url))
    assert not (models_home / "tiny-model.q4_0").exists()
    assert store.installed() == []


def test_failed_update_leaves_the_installed_model(hub: FakeHub) -> None:
    model = pull(plan(hub.url))
    with pytest.raises(ModelError):
        pull(plan(hub.url, sha256="0" * 64))
    assert store.resolve(model.name) == model
    assert model.path.read_bytes() == hub.content


def test_many_pulls_at_once(hub: FakeHub) -> None:
    wanted, trouble = plan(hub.url), []

    def one() -> None:
        try:
            pull(wanted)
        except ModelError as error:
            trouble.append(error)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not trouble
    model = store.resolve(wanted.name)
    assert model.path.read_bytes() == hub.content
    assert sorted(path.name for path in model.path.parent.iterdir()) == ["Tiny-Model.Q4_0.gguf", "model.json"]


def test_folder_that_cannot_be_written(hub: FakeHub, models_home: Path) -> None:
    models_home.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="cannot write to"):
        pull(plan(hub.url))
