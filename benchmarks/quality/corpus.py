"""The packages that cases are cut from, each as a repository on disk."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pathspec

from ai_lsp.syntax.languages import language_of
from benchmarks import packages

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGES = Path(__file__).parent / "packages.toml"
LANGUAGES = (
    "python", "typescript", "javascript", "go", "rust", "java", "c", "cpp", "csharp", "ruby", "php",
)  # fmt: skip
"""The languages that cases are cut in, by their LSP ids."""

_MOST_KEPT_BYTES = 1_000_000
_LEAST_BYTES, _MOST_BYTES = 800, 120_000
_LONGEST_LINE = 240
_NEVER = pathspec.GitIgnoreSpec.from_lines(
    [
        "test/",
        "tests/",
        "*_test.*",
        "test_*",
        "*.test.*",
        "*.spec.*",
        "*.tst.*",
        "*Test.*",
        "*Tests.*",
        "fixtures/",
        "testdata/",
        "snapshots/",
        "data/",
        "docs/",
        "examples/",
        "vendor/",
        "third_party/",
        "generated/",
        "_generated/",
        "*_pb2*",
        "*.min.*",
        "*.d.ts",
        "*.h",
    ]
)
"""Files that no case is cut from: tests repeat themselves, and data is not code."""
_NOT_TEXT = pathspec.GitIgnoreSpec.from_lines(
    ["*.lock", "*.map", "*.min.*", "*.orig", "*.svg", "package-lock.json", "node_modules/", "*.egg-info/"]
)
_GENERATED = re.compile(r"\bgenerated\b|do not edit", re.IGNORECASE)
_HEAD_LINES = 15


@dataclass(frozen=True)
class Entry:
    """One package and what is known of it; see packages.toml."""

    package: packages.Package
    date: str
    licence: str
    unseen: str
    keep: tuple[str, ...]
    cut: tuple[str, ...]

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.name

    @property
    def folder(self) -> str:
        """A name for a folder with what is kept of it."""
        kept = hashlib.sha256("\n".join(self.keep).encode()).hexdigest()
        return f"{self.package.key}_{kept[:8]}"


@dataclass(frozen=True)
class Source:
    """One file that cases may be cut from."""

    path: str
    """Within the repository, with ``/``."""
    language: str
    text: str


@dataclass(frozen=True)
class Repository:
    """A package's files on disk."""

    entry: Entry
    root: Path

    @property
    def name(self) -> str:
        """The package's name."""
        return self.entry.name

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All files, within the repository, with ``/``."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in files))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The files that cases may be cut from, by path."""
        cut = pathspec.GitIgnoreSpec.from_lines(self.entry.cut)
        found = (self._source(path) for path in self.paths if cut.match_file(path) and not _NEVER.match_file(path))
        return tuple(source for source in found if source is not None)

    def _source(self, path: str) -> Source | None:
        language = language_of(Path(path))
        if language not in LANGUAGES:
            return None
        text = self.read(path)
        return Source(path, language, text) if is_written_by_hand(text) else None

    def read(self, path: str) -> str:
        r"""Return a file's text with ``\n`` line ends; empty for one that is no UTF-8."""
        try:
            text = (self.root / path).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            return ""
        return text.replace("\r\n", "\n")


def entries(path: Path = PACKAGES) -> list[Entry]:
    """Return the packages of `path`."""
    found = []
    for table in tomllib.loads(path.read_text("utf-8"))["package"]:
        package = packages.Package(*(table.pop(name) for name in ("kind", "name", "version", "sha256")))
        for globs in ("keep", "cut"):
            table[globs] = tuple(table.get(globs, ["*"]))
        found.append(Entry(package, **table))
    return found


def load(wanted: list[Entry], folder: Path | None = None) -> list[Repository]:
    """Return the repositories, fetching what is not in `folder`, by default the user's cache.

    Raises `SystemExit` where one cannot be had.
    """
    place = folder or packages.cache() / "quality"
    return [Repository(entry, _tree(entry, place / entry.folder)) for entry in wanted]


def _tree(entry: Entry, folder: Path) -> Path:
    if folder.is_dir():
        return folder
    keep = pathspec.GitIgnoreSpec.from_lines(entry.keep)
    tree = packages.tree(
        entry.package, folder, lambda path: keep.match_file(path) and not _NOT_TEXT.match_file(path)
    )
    for path in tree.rglob("*"):
        if path.is_file() and not _is_text(path):
            path.unlink()
    return tree


def _is_text(path: Path) -> bool:
    data = path.read_bytes()
    return len(data) <= _MOST_KEPT_BYTES and b"\0" not in data


def is_written_by_hand(text: str) -> bool:
    """Whether a file is code that a person wrote, of a size that people work in."""
    lines = text.split("\n")
    if not _LEAST_BYTES <= len(text) <= _MOST_BYTES or max(map(len, lines)) > _LONGEST_LINE:
        return False
    return not _GENERATED.search("\n".join(lines[:_HEAD_LINES])) and "\r" not in text
