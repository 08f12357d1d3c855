"""Which actions there are: those shipped, those of the user, and those of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ai_lsp.actions.action import Action, BadPrompt
from ai_lsp.config import user_file

SHIPPED = Path(__file__).parent.parent / "prompts"
REPOSITORY_FOLDER = ".ai-lsp/actions"
_MOST_FILES = 200
_MOST_BYTES = 100_000


@dataclass(frozen=True)
class Catalogue:
    """The actions by name, and what is wrong with files that were to be some."""

    actions: Mapping[str, Action]
    problems: tuple[str, ...] = ()


@cache
def shipped() -> Catalogue:
    """Return the actions that come with the package."""
    return _over({}, SHIPPED, inside=None)


def user_folder() -> Path:
    """Return the folder of the user's own actions, beside their settings, whether or not it is there."""
    return user_file(os.environ).parent / "actions"


def load(roots: Iterable[Path] = (), own: Path | None = None) -> dict[Path | None, Catalogue]:
    """Read all prompt files; return the actions of each of the workspace's folders, and of none (None).

    A file replaces one of the same name: the user's a shipped one, a repository's both. Never raises.
    """
    personal = _over(shipped().actions, own or user_folder(), inside=None)
    found: dict[Path | None, Catalogue] = {None: personal}
    for root in roots:
        found[root] = _over(personal.actions, root / REPOSITORY_FOLDER, inside=root)
    return found


def _over(actions: Mapping[str, Action], folder: Path, inside: Path | None) -> Catalogue:
    """Return `actions` with those of `folder` over them; its files must lie `inside` some folder, if any."""
    found = [_read(path, inside) for path in _files(folder)]
    own = {one.name: one for one in found if isinstance(one, Action)}
    return Catalogue({**actions, **own}, tuple(one for one in found if isinstance(one, str)))


def _read(path: Path, inside: Path | None) -> Action | str:
    """Return an action, or what is wrong with its file."""
    from ai_lsp.actions.reading import read  # brings Jinja, which no start should wait for

    try:
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            raise BadPrompt(f"{path}: a link that leads out of the repository is not followed")
        return read(_text(path), str(path))
    except BadPrompt as error:
        return str(error)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.md"))[:_MOST_FILES]
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode()
    except OSError as error:
        raise BadPrompt(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadPrompt(f"{path} is not UTF-8") from error
