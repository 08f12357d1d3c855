"""Pinned packages of the public registries, fetched by name with the registries' own clients.

Nothing of a package is run or built: archives are only downloaded, checked and unpacked.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import ssl
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import httpx
from platformdirs import user_cache_dir

_KINDS = ("pypi-wheel", "pypi-sdist", "npm")
_SECONDS = 300.0


@dataclass(frozen=True)
class Package:
    """One version of one package."""

    kind: str
    """``pypi-wheel``, ``pypi-sdist`` or ``npm``."""
    name: str
    version: str
    sha256: str = ""
    """Of the archive; not checked when empty."""

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(_KINDS)}")

    @property
    def key(self) -> str:
        """A name for a folder."""
        return f"{self.kind}_{self.name.replace('/', '_')}@{self.version}"


def cache() -> Path:
    """Return the user's folder for what benchmarks fetch."""
    return Path(user_cache_dir("ai-lsp")) / "bench"


@contextmanager
def fetched(package: Package) -> Iterator[Path]:
    """Give the package's archive, which is gone afterwards. Raises `SystemExit` where it cannot be had."""
    with tempfile.TemporaryDirectory() as scratch:
        fetch = {"pypi-wheel": _wheel, "pypi-sdist": _sdist, "npm": _npm}[package.kind]
        archive = fetch(package, Path(scratch))
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if package.sha256 and found != package.sha256:
            raise SystemExit(f"{package.key} is not what was pinned: its SHA-256 is {found}")
        yield archive


def tree(package: Package, folder: Path, wanted: Callable[[str], bool], *, strip: int = 1) -> Path:
    """Return `folder` with the package's files that are `wanted`, fetching them unless the folder is there.

    `wanted` gets paths within the archive, with ``/`` and without their first `strip` parts: by default, without
    the one folder that all files lie in.
    """
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with fetched(package) as archive, tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        unpack(archive, Path(scratch) / "new", wanted, strip=strip)
        (Path(scratch) / "new").replace(folder)
    return folder


def unpack(archive: Path, folder: Path, wanted: Callable[[str], bool], *, strip: int = 0) -> None:
    """Write the regular files of `archive` that are `wanted` into `folder`, without their first `strip` parts.

    A path that would leave the folder is passed over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _members(archive) as members:
        for name, content in members:
            parts = PurePosixPath(name).parts[strip:]
            if not parts or ".." in parts or parts[0] == "/" or not wanted("/".join(parts)):
                continue
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(target.name + ".part")
            with content() as source, part.open("wb") as out:
                shutil.copyfileobj(source, out)
            part.replace(target)


_Member = tuple[str, Callable[[], IO[bytes]]]


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[_Member]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            yield ((name, _in_zip(wheel, name)) for name in wheel.namelist() if not name.endswith("/"))
    else:
        with tarfile.open(archive) as package:
            yield ((one.name, _in_tar(package, one)) for one in package.getmembers() if one.isfile())


def _in_zip(wheel: zipfile.ZipFile, name: str) -> Callable[[], IO[bytes]]:
    return lambda: wheel.open(name)


def _in_tar(package: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        content = package.extractfile(member)
        if content is None:
            raise OSError(f"{member.name} cannot be read")
        return content

    return opened


def _npm(package: Package, folder: Path) -> Path:
    return _one_file(package, folder, "npm", "pack", "--silent", f"{package.name}@{package.version}")


def _wheel(package: Package, folder: Path) -> Path:
    pin = f"{package.name}=={package.version}"
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:")
    return _one_file(package, folder, *pip, pin)


def _one_file(package: Package, folder: Path, *command: str) -> Path:
    """Run what downloads into the working folder."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    archives = list(folder.iterdir())
    if done.returncode or not archives:
        raise SystemExit(f"cannot fetch {package.key}: {done.stderr.strip()[-500:]}")
    return archives[0]


def _sdist(package: Package, folder: Path) -> Path:
    """Download by the link that pip knows: `pip download` itself would run the package's own build."""
    command = [sys.executable, "-m", "pip", "index", "versions", package.name, "--pre", "-vv"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    url = sdist_link(done.stdout + done.stderr, package.name, package.version)
    if url is None:
        raise SystemExit(f"cannot fetch {package.key}: pip names no source archive of it")
    archive = folder / f"{package.version}.tar.gz"
    context = ssl.create_default_context()
    try:
        with httpx.Client(verify=context, follow_redirects=True, timeout=_SECONDS) as client:
            reply = client.get(url)
            reply.raise_for_status()
    except httpx.HTTPError as error:
        raise SystemExit(f"cannot fetch {package.key}: {error}") from error
    archive.write_bytes(reply.content)
    return archive


def sdist_link(log: str, name: str, version: str) -> str | None:
    """Return the address of a version's source archive in what ``pip index versions -vv`` says."""
    spelled = re.sub(r"[-_.]+", "[-_.]+", name)
    found = re.search(rf"https?://\S+/{spelled}-{re.escape(version)}\.tar\.gz(?=[#\s])", log, re.IGNORECASE)
    return found.group() if found else None
