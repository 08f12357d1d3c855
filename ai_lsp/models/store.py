"""The folder of installed models: one sub-folder a model, with `model.json` and what belongs to it.

A model that was pulled lies in its folder. A model that was registered from a user's own file stays where it is:
only its path is kept, and nothing here ever writes to it or deletes it.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ai_lsp.models import catalogue, tuning
from ai_lsp.models.files import write_atomic
from ai_lsp.models.tuning import Tuning

MANIFEST = "model.json"
HUB_FOLDER = ".hub"
"""Where an unfinished download from the hub waits to be resumed."""

_LEFT_FILES = ("*.ai-lsp.gguf", tuning.FILE_NAME, ".*.part", ".*.part.json")
_LEFT_FOLDERS = (".optimise-*", ".pull-*", HUB_FOLDER)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class ModelError(Exception):
    """Something about a model went wrong; the message is for the user and says what to do."""


class ModelNotFound(ModelError):
    """No such model is installed, or its file is gone."""


@dataclass(frozen=True)
class InstalledModel:
    """A model that can be loaded."""

    name: str
    path: Path
    """The file that the engine should load: the optimised copy if there is one, else the original."""
    original: Path
    source: str
    """Where it came from: ``pip:``, ``hf:``, an address, or ``file``."""
    licence: str
    sha256: str
    """Of the original; empty for a path that was never registered."""
    tuning: Tuning | None


@dataclass(frozen=True)
class Manifest:
    """What `model.json` says."""

    name: str
    file: str
    """The original's name in this folder, or the absolute path of a user's own file."""
    source: str
    licence: str
    sha256: str

    @property
    def owned(self) -> bool:
        """Whether the original lies in the model's folder and goes when the model is removed."""
        return self.file == Path(self.file).name


def models_dir() -> Path:
    """The folder that holds all models: ``AI_LSP_MODELS_DIR``, else under the user's data folder."""
    if chosen := os.environ.get("AI_LSP_MODELS_DIR"):
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_dir

    return Path(user_data_dir("ai-lsp", appauthor=False)) / "models"


def model_dir(name: str) -> Path:
    """The folder of the model called `name`, which need not exist. Raises ModelError for an impossible name."""
    folded = name.casefold()
    if not _NAME.fullmatch(folded):
        raise ModelError(f"{name!r} cannot be a model's name: use letters, digits, '.', '_' and '-'")
    return models_dir() / folded


def installed() -> list[InstalledModel]:
    """All registered models by name. A user's own file may have gone since: then `path` does not exist."""
    try:
        folders = sorted(models_dir().iterdir())
    except OSError:
        return []
    manifests = [(folder, read_manifest(folder)) for folder in folders]
    return [_model(folder, manifest) for folder, manifest in manifests if manifest]


def resolve(name_or_path: str) -> InstalledModel:
    """The model of that name (any letter case), or the GGUF file at that path.

    A path means exactly that file, without an optimised copy or a tuning.
    Raises ModelNotFound, whose message says what to do.
    """
    by_name = {model.name: model for model in installed()}
    if model := by_name.get(name_or_path.casefold()):
        if model.path.is_file():
            return model
        raise ModelNotFound(
            f"the file of model {model.name!r} is gone: {model.original}\n"
            f"put it back, or run: ai-lsp models remove {model.name}"
        )
    if looks_like_path(name_or_path):
        return _bare_file(Path(name_or_path).expanduser())
    if entry := catalogue.find(name_or_path):
        raise ModelNotFound(f"model {entry.name!r} is not installed; run: ai-lsp models pull {entry.name}")
    raise ModelNotFound(unknown(name_or_path))


def looks_like_path(text: str) -> bool:
    """Whether the user means a file rather than a name."""
    return text.casefold().endswith(".gguf") or "/" in text or os.sep in text


def unknown(name: str) -> str:
    """A message for a name that nothing has, with the names closest to it."""
    names = sorted({entry.name for entry in catalogue.CATALOGUE} | {model.name for model in installed()})
    near = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.5)
    near = near or [other for other in names if name and name.casefold() in other][:3]
    hint = f"did you mean {' or '.join(near)}?" if near else "see: ai-lsp models list"
    return f"no model is called {name!r}; {hint}"


def register(manifest: Manifest) -> InstalledModel:
    """Make the model known; its file is already in place. What was measured on another file is dropped."""
    folder = model_dir(manifest.name)
    folder.mkdir(parents=True, exist_ok=True)
    old = read_manifest(folder)
    if old is not None and old.sha256 != manifest.sha256:
        _drop_tuning(folder)
    write_atomic(folder / MANIFEST, json.dumps(asdict(manifest), indent=2) + "\n")
    if old is not None and old.owned and old.file != manifest.file:
        (folder / old.file).unlink(missing_ok=True)
    return _model(folder, manifest)


def remove(name: str) -> int:
    """Forget a model, delete what was made or downloaded for it, and return the bytes freed.

    A user's own file stays. Half a download goes too, of a model that was never installed.
    Raises ModelNotFound, or ModelError when a file cannot be deleted.
    """
    folder = model_dir(name)
    manifest = read_manifest(folder)
    folders = [path for pattern in _LEFT_FOLDERS for path in folder.glob(pattern)]
    doomed = [path for pattern in _LEFT_FILES for path in folder.glob(pattern)]
    if manifest is None and not folders and not doomed:
        raise ModelNotFound(f"model {name!r} is not installed; see: ai-lsp models list")
    if manifest and manifest.owned:
        doomed.append(folder / manifest.file)
    freed = sum(path.stat().st_size for path in doomed if path.is_file())
    try:
        for path in [folder / MANIFEST, *doomed]:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ModelError(f"cannot delete {error.filename}: {error.strerror}; is a server using it?") from error
    for path in folders:
        shutil.rmtree(path, ignore_errors=True)
    if not any(folder.iterdir()):
        folder.rmdir()
    return freed


def read_manifest(folder: Path) -> Manifest | None:
    """What `model.json` in `folder` says; None when it is missing or damaged."""
    try:
        raw: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest = Manifest(*(raw[key] for key in ("name", "file", "source", "licence", "sha256")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    plain = all(isinstance(value, str) and value for value in asdict(manifest).values())
    return manifest if plain and folder.name == manifest.name else None


def _model(folder: Path, manifest: Manifest) -> InstalledModel:
    original = folder / manifest.file
    measured = tuning.load(folder / tuning.FILE_NAME)
    path = folder / measured.file if measured and measured.file else original
    if not path.is_file():
        path, measured = original, None
    return InstalledModel(
        manifest.name, path, original, manifest.source, manifest.licence, manifest.sha256, measured
    )


def _bare_file(path: Path) -> InstalledModel:
    from ai_lsp.models.gguf import MAGIC

    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ModelNotFound(f"cannot read the model file {path}: {error.strerror}") from error
    if magic != MAGIC:
        raise ModelNotFound(f"{path} is not a GGUF file; convert the model or choose another file")
    return InstalledModel(path.stem, path, path, "file", "unknown", "", None)


def _drop_tuning(folder: Path) -> None:
    (folder / tuning.FILE_NAME).unlink(missing_ok=True)
    for copy in folder.glob("*.ai-lsp.gguf"):
        copy.unlink(missing_ok=True)
