"""Which modules a folder and its Python environment have, looked up on a real disk."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from ai_lsp.completion.place import Place
from ai_lsp.context.installed import Installed, look


class AtOnce(Executor):
    """Runs in the caller's thread."""

    def submit(self, run, /, *arguments, **options):
        run(*arguments, **options)
        return Future()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    own = [
        tmp_path / "src" / "ours",
        tmp_path / "src" / "com" / "example" / "app",
        tmp_path / "node_modules" / "a",
    ]
    for folder in (site / "numpy", site / "six-1.0.dist-info", *own):
        folder.mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /nowhere\nversion = 3.11.2\n")
    (site / "six.py").touch()
    (site / "_fast.cpython-311-x86_64-linux-gnu.so").touch()
    (tmp_path / "src" / "ours" / "text.py").touch()
    (tmp_path / "package.json").write_text('{"name": "@ours/web"}')
    (tmp_path / "go.mod").write_text("module example.org/ours\n\ngo 1.22\n")
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "our-crate"\n')
    return tmp_path


def installed(root: Path, now: list[float]) -> Installed:
    return Installed(lambda: [root], lambda: now[0], AtOnce())


def place(root: Path, language: str) -> Place:
    return Place((root / "src" / "a").as_uri(), "src/a", language, 1, "", "")


@pytest.mark.parametrize(
    ("module", "exists"),
    [
        ("numpy", True), ("numpy.linalg", True), ("six", True), ("_fast", True), ("os.path", True),
        ("ours.text", True), ("text", True), ("nowhere", False), ("six-1", False), ("a", False),
        (".nowhere", None),
    ],
)  # fmt: skip
def test_python_modules(root: Path, module: str, exists: bool | None) -> None:
    known = installed(root, [0.0])
    known.refresh()
    assert known.exists(module, place(root, "python")) is exists


def test_nothing_is_known_before_the_first_look_nor_outside(root: Path) -> None:
    known = installed(root, [0.0])
    assert known.exists("nowhere", place(root, "python")) is None
    assert known.exists("nowhere", place(root, "python")) is False
    assert known.exists("nowhere", place(root.parent / "other", "python")) is None
    assert known.exists("nowhere", place(root, "typescript")) is None


def test_what_is_missing_is_looked_for_again(root: Path) -> None:
    now = [0.0]
    known = installed(root, now)
    known.refresh()
    (root / ".venv" / "lib" / "python3.11" / "site-packages" / "nowhere").mkdir()
    now[0] = 100.0
    assert known.exists("nowhere", place(root, "python")) is None
    assert known.exists("nowhere", place(root, "python")) is True


def test_without_an_environment_of_its_own_nothing_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "a.py").touch()
    known = installed(tmp_path, [0.0])
    known.refresh()
    assert known.exists("nowhere", place(tmp_path, "python")) is None


@pytest.mark.parametrize(
    ("language", "module", "own"),
    [
        ("python", "ours.text", True), ("python", "numpy", False), ("typescript", "@ours/web/a", True),
        ("typescript", "@ours/webby", False), ("go", "example.org/ours/a", True), ("go", "fmt", False),
        ("rust", "our_crate::a", True), ("rust", "std", False), ("java", "com.example.app.Main", True),
        ("java", "java.util.List", False),
    ],
)  # fmt: skip
def test_own_modules(root: Path, language: str, module: str, own: bool) -> None:
    known = installed(root, [0.0])
    known.refresh()
    assert known.is_own(module, place(root, language)) is own


def test_a_damaged_manifest_is_passed_over(root: Path) -> None:
    (root / "package.json").write_text("{")
    found = look(root)
    assert found is not None
    assert found.packages == {"example.org/ours", "our-crate", "our_crate"}
