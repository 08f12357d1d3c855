import json
from pathlib import Path

import pytest

from ai_lsp.models import store, tuning
from ai_lsp.models.store import Manifest, ModelError, ModelNotFound
from ai_lsp.models.tuning import Tuning
from tests.models.fake_hub import make_gguf

TUNING = Tuning(2, 2, 512, True, 450.0, 11.5, "IQ4_NL", file="tiny.IQ4_NL.ai-lsp.gguf")


def pulled(name: str = "tiny", sha256: str = "ab") -> Path:
    """Install a model as `pull` does, and return its folder."""
    folder = store.models_dir() / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tiny.gguf").write_bytes(make_gguf())
    store.register(Manifest(name, "tiny.gguf", "pip:x==1", "MIT", sha256))
    return folder


def optimised() -> Path:
    folder = pulled()
    (folder / TUNING.file).write_bytes(make_gguf())
    tuning.save(folder / "tuning.json", TUNING)
    return folder


def test_nothing_installed() -> None:
    assert store.installed() == []
    assert not store.models_dir().exists()


def test_default_folder_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AI_LSP_MODELS_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.models_dir().name == "models"
    assert "ai-lsp" in store.models_dir().parts


def test_resolve_in_any_case() -> None:
    folder = pulled()
    model = store.resolve("TINY")
    assert (model.name, model.path, model.original) == ("tiny", folder / "tiny.gguf", folder / "tiny.gguf")
    assert (model.source, model.licence, model.sha256, model.tuning) == ("pip:x==1", "MIT", "ab", None)


def test_optimised_copy_is_loaded_and_original_kept() -> None:
    folder = optimised()
    model = store.resolve("tiny")
    assert model.path == folder / TUNING.file
    assert model.original == folder / "tiny.gguf"
    assert model.tuning == TUNING


def test_lost_copy_falls_back_to_the_original() -> None:
    folder = optimised()
    (folder / TUNING.file).unlink()
    model = store.resolve("tiny")
    assert (model.path, model.tuning) == (folder / "tiny.gguf", None)


def test_damaged_tuning_falls_back_to_the_original() -> None:
    folder = optimised()
    (folder / "tuning.json").write_text('{"threads": 2, "thr')
    assert store.resolve("tiny").path == folder / "tiny.gguf"


def test_path_means_exactly_that_file(gguf: Path) -> None:
    model = store.resolve(str(gguf))
    assert (model.name, model.path, model.tuning) == ("My Model", gguf, None)


def test_paths_that_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="No such file"):
        store.resolve(str(tmp_path / "none.gguf"))
    with pytest.raises(ModelNotFound, match="cannot read"):
        store.resolve(f"{tmp_path}/")
    bad = tmp_path / "bad.gguf"
    bad.write_text("<html>")
    with pytest.raises(ModelNotFound, match="not a GGUF file"):
        store.resolve(str(bad))


def test_known_but_not_installed_says_what_to_run() -> None:
    with pytest.raises(ModelNotFound, match=r"run: ai-lsp models pull qwen2\.5-coder-1\.5b"):
        store.resolve("Qwen2.5-Coder-1.5B")


def test_unknown_names_get_the_closest() -> None:
    with pytest.raises(ModelNotFound, match="did you mean smollm2-135m"):
        store.resolve("smolm2-135")
    with pytest.raises(ModelNotFound, match=r"did you mean .*qwen2\.5-coder"):
        store.resolve("qwen")
    with pytest.raises(ModelNotFound, match="see: ai-lsp models list"):
        store.resolve("zzzzzzzz")


def test_file_of_ones_own_that_has_gone(gguf: Path) -> None:
    store.register(Manifest("mine", str(gguf), "file", "MIT", "ab"))
    assert store.resolve("mine").path == gguf
    gguf.unlink()
    assert [model.name for model in store.installed()] == ["mine"]
    with pytest.raises(ModelNotFound, match="models remove mine"):
        store.resolve("mine")


def test_remove_deletes_what_was_pulled_and_made() -> None:
    folder = optimised()
    (folder / ".tiny.gguf.part").write_bytes(b"x")
    (folder / ".optimise-crashed").mkdir()
    freed = store.remove("Tiny")
    assert freed > 2 * len(make_gguf())
    assert not folder.exists()


def test_remove_clears_half_a_download(models_home: Path) -> None:
    folder = models_home / "tiny"
    folder.mkdir(parents=True)
    (folder / ".tiny.gguf.part").write_bytes(b"half")
    assert store.remove("tiny") == 4
    assert not folder.exists()


def test_remove_never_deletes_a_file_of_ones_own(gguf: Path) -> None:
    store.register(Manifest("mine", str(gguf), "file", "MIT", "ab"))
    assert store.remove("mine") == 0
    assert gguf.exists()
    assert store.installed() == []


def test_remove_leaves_what_it_does_not_know() -> None:
    folder = pulled()
    (folder / "notes.txt").write_text("mine")
    store.remove("tiny")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_remove_what_is_not_there() -> None:
    with pytest.raises(ModelNotFound, match="not installed"):
        store.remove("tiny")


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a b", "x" * 101])
def test_names_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(ModelError, match="cannot be a model's name"):
        store.model_dir(name)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "tiny"}', '{"name": 1, "file": 2}'])
def test_damaged_manifests_are_passed_over(text: str) -> None:
    (pulled() / "model.json").write_text(text)
    assert store.installed() == []


def test_manifest_that_names_another_model_is_passed_over() -> None:
    folder = pulled()
    raw = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**raw, "name": "../../other"}))
    assert store.installed() == []


def test_registering_other_weights_drops_what_was_measured() -> None:
    folder = optimised()
    pulled(sha256="cd")
    assert not (folder / TUNING.file).exists()
    assert store.resolve("tiny").tuning is None


def test_registering_the_same_weights_keeps_what_was_measured() -> None:
    optimised()
    pulled()
    assert store.resolve("tiny").tuning == TUNING


def test_registering_another_file_removes_the_old_one() -> None:
    folder = pulled()
    (folder / "new.gguf").write_bytes(make_gguf())
    store.register(Manifest("tiny", "new.gguf", "pip:x==2", "MIT", "cd"))
    assert not (folder / "tiny.gguf").exists()
    assert store.resolve("tiny").path == folder / "new.gguf"
