"""With what a repository is tested, and where its tests are, by its own files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from ai_lsp.actions.action import Refused
from ai_lsp.config import exists

Framework = Literal[
    "pytest", "unittest", "vitest", "jest", "node:test", "go test", "cargo test", "JUnit 5", "JUnit 4"
]
_SCRIPTS = ("javascript", "javascriptreact", "typescript", "typescriptreact")
_MOST_BYTES = 200_000
_MOST_FILES = 3_000
_SKIPPED = frozenset({"node_modules", ".git", ".venv", "venv", "build", "dist", "target", "__pycache__", ".tox"})


@dataclass(frozen=True)
class Home:
    """Where the test of a file goes."""

    framework: Framework
    path: Path
    """The test's file, which may be there already; for Rust the file itself."""
    example: Path | None = None
    """Another test file of the repository, or this one where it is there."""


def home_of(file: Path, root: Path, language: str) -> Home:
    """Return how `file`, in the repository `root`, is tested. Raises Refused for a language that is not known."""
    if language == "python":
        return _python(file, root)
    if language in _SCRIPTS:
        return _script(file, root)
    if language == "go":
        path = file.with_name(f"{file.stem}_test.go")
        return Home("go test", path, _first(file.parent, "*_test.go"))
    if language == "rust":
        return Home("cargo test", file)
    if language == "java":
        return _java(file, root)
    raise Refused(f"how to test {language} is not known; an action of your own can say it")


def is_test(file: Path) -> bool:
    """Whether a file is a test itself, by its name."""
    return bool(re.search(r"(?:^test_|_test\.|\.test\.|\.spec\.|Tests?\.java$|^conftest\.py$)", file.name))


def _python(file: Path, root: Path) -> Home:
    tests = next((root / name for name in ("tests", "test") if (root / name).is_dir()), None)
    framework: Framework = "pytest" if _uses_pytest(root) else "unittest"
    name = f"test_{file.stem.removeprefix('__').removesuffix('__')}.py"
    if tests is None:
        beside = _first(file.parent, "test_*.py")
        return Home(framework, file.with_name(name) if beside else root / "tests" / name, beside)
    example = _first(tests, "test_*.py") or _first(tests, "**/test_*.py")
    if framework == "unittest" and example is not None and re.search(r"^def test_", read(example), re.MULTILINE):
        framework = "pytest"
    there = _first(tests, f"**/{name}")
    return Home(framework, there or _mirrored(file, root, tests) / name, there or example)


def _mirrored(file: Path, root: Path, tests: Path) -> Path:
    """Return the folder in `tests` that mirrors the one of `file`, as far as such folders are there."""
    try:
        parts = file.parent.relative_to(root).parts
    except ValueError:
        return tests
    for start in range(len(parts)):
        folder = tests.joinpath(*parts[start:])
        if folder.is_dir():
            return folder
    return tests


def _uses_pytest(root: Path) -> bool:
    if any(exists(root / name) for name in ("pytest.ini", "conftest.py", "tests/conftest.py")):
        return True
    names = ("pyproject.toml", "setup.cfg", "tox.ini", "noxfile.py", "requirements-dev.txt", "requirements.txt")
    return any("pytest" in read(root / name) for name in names)


def _script(file: Path, root: Path) -> Home:
    package = next((folder for folder in _up(file.parent, root) if exists(folder / "package.json")), root)
    framework = _of_package(read(package / "package.json"))
    suffix = file.suffix
    example = _first(package, f"**/*.test{suffix}") or _first(package, f"**/*.spec{suffix}")
    mark = "spec" if example is not None and ".spec." in example.name else "test"
    name = f"{file.stem}.{mark}{suffix}"
    folder = file.parent
    if (folder / "__tests__").is_dir():
        folder = folder / "__tests__"
    elif example is not None and example.parent != file.parent:
        top = next((package / one for one in ("test", "tests", "__tests__") if (package / one).is_dir()), None)
        folder = top if top is not None and example.is_relative_to(top) else folder
    return Home(framework, folder / name, example)


def _of_package(text: str) -> Framework:
    try:
        package = json.loads(text or "{}")
    except ValueError:
        package = {}
    tables = [package.get(key) for key in ("devDependencies", "dependencies", "scripts")] if package else []
    said = json.dumps(tables)
    for name in ("vitest", "jest"):
        if name in said:
            return "vitest" if name == "vitest" else "jest"
    return "node:test"


def _java(file: Path, root: Path) -> Home:
    builds = [
        read(folder / name)
        for folder in _up(file.parent, root)
        for name in ("pom.xml", "build.gradle", "build.gradle.kts")
    ]
    text = "".join(builds)
    old = re.search(r"junit:junit\b|<artifactId>junit</artifactId>", text) and "jupiter" not in text
    path = file.with_name(f"{file.stem}Test.java")
    if "src/main/java" in file.as_posix():
        path = Path(path.as_posix().replace("src/main/java", "src/test/java", 1))
    return Home("JUnit 4" if old else "JUnit 5", path, _first(path.parent, "*Test.java"))


def _up(folder: Path, root: Path) -> Iterator[Path]:
    for one in (folder, *folder.parents):
        yield one
        if one == root:
            return


def _first(folder: Path, pattern: str) -> Path | None:
    """Return the first file of that pattern that is no one's dependency; few files are looked at."""
    try:
        found = islice(folder.glob(pattern), _MOST_FILES) if folder.is_dir() else iter(())
        kept = (path for path in found if not _SKIPPED.intersection(path.relative_to(folder).parts))
        return min(islice(kept, 50), default=None)
    except OSError:
        return None


def read(path: Path) -> str:
    """Return the beginning of a file, empty for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
