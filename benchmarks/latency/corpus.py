"""Real files of pinned packages, fetched by package name into the user's cache folder, and what is around them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks import packages


@dataclass(frozen=True)
class Source:
    """One file of one package; `lines` cuts a file that is longer than wanted."""

    package: str
    member: str
    language: str
    lines: int | None = None


SOURCES = (
    Source("httpx==0.28.1", "httpx/_auth.py", "python"),
    Source("httpx==0.28.1", "httpx/_client.py", "python"),
    Source("@npm/zod@4.1.12", "package/src/v4/core/checks.ts", "typescript"),
    Source("kubernetes==31.0.0", "kubernetes/client/api/apps_v1_api.py", "python"),
    Source("kubernetes==31.0.0", "kubernetes/client/api/core_v1_api.py", "python", lines=24_000),
    Source("@npm/@googleapis/compute@42.0.0", "package/v1.ts", "typescript", lines=50_000),
)
"""Files of about 350, 2,000, 1,300, 9,500, 24,000 and 50,000 lines; beyond 2 MB the server suggests nothing."""


@dataclass(frozen=True)
class File:
    """A file to type into."""

    name: str
    """Its path in the workspace, with ``/``."""
    language: str
    text: str


def workspace() -> Path:
    """Return the folder that an editor has open: all of the packages, fetched where they are not there.

    The files that are typed into are not in it: their text is the editor's alone, and no index has it.
    Raises `SystemExit` where a package cannot be had.
    """
    root = packages.cache() / "workspace"
    typed = {(source.package, source.member) for source in SOURCES}
    for package in dict.fromkeys(source.package for source in SOURCES):
        packages.tree(
            _pinned(package),
            root / _folder(package),
            lambda member, package=package: (package, member) not in typed,
            strip=0,
        )
    return root


def load(sources: tuple[Source, ...] = SOURCES) -> list[File]:
    """Return the files, fetching what is not in the cache. Raises `SystemExit` where it cannot."""
    return [_load(source) for source in sources]


def _load(source: Source) -> File:
    folder = packages.cache() / source.package.replace("/", "_")
    path = folder / source.member
    if not path.is_file():
        with packages.fetched(_pinned(source.package)) as archive:
            packages.unpack(archive, folder, lambda member: member == source.member)
    text = path.read_text("utf-8").replace("\r\n", "\n")
    if source.lines:
        text = "".join(text.splitlines(keepends=True)[: source.lines])
    return File(f"{_folder(source.package)}/{source.member}", source.language, text)


def _folder(package: str) -> str:
    return _pinned(package).name.rpartition("/")[2]


def _pinned(spelled: str) -> packages.Package:
    npm = spelled.removeprefix("@npm/")
    if npm != spelled:
        name, _, version = npm.rpartition("@")
        return packages.Package("npm", name, version)
    name, _, version = spelled.partition("==")
    return packages.Package("pypi-wheel", name, version)
