"""The queries that say what a language's definitions and imports are: ours, and those that the user adds."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from ai_lsp.syntax.languages import grammar

if TYPE_CHECKING:
    from tree_sitter import Language, Query

log = logging.getLogger(__name__)

_OURS = Path(__file__).parent / "queries"
_INHERITS = re.compile(r"^;+[ \t]*inherits:[ \t]*(\w+)", re.MULTILINE)
_POSITION = re.compile(r"\s*at row (\d+)(?:, column (\d+))?")


def user_folder() -> Path:
    """Return where the user's own queries are, whether or not it exists; one folder a grammar."""
    return Path(platformdirs.user_config_dir("ai-lsp"), "queries")


@cache
def query_for(name: str, folder: Path | None = None) -> Query | None:
    """Return all queries of the grammar `name` as one, None where there are none.

    The user's are in `folder`, else in `user_folder()`. A file of theirs that cannot be used is logged with the
    position and passed over. They are read once in the life of the process.
    """
    language = grammar(name)
    if language is None:
        return None
    files = _files((_OURS, folder or user_folder()), name)
    if not files:
        return None
    try:
        return _compiled(language, files)
    except ValueError:  # some file is broken, or inherits what its language does not have
        usable = [one for one in files if _is_usable(language, *one)]
        return _compiled(language, usable) if usable else None


def _files(folders: tuple[Path, ...], name: str, seen: frozenset[str] = frozenset()) -> list[tuple[Path, str]]:
    """Return paths and texts of a grammar's files, after those of the grammars that they inherit from."""
    found: list[tuple[Path, str]] = []
    inherited: dict[str, None] = {}
    for path in (path for folder in folders for path in _listed(folder / name)):
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read: %s", path, error)
            continue
        inherited.update(dict.fromkeys(_INHERITS.findall(text)))
        found.append((path, text))
    seen |= {name}
    return [one for other in inherited if other not in seen for one in _files(folders, other, seen)] + found


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.scm"))
    except OSError as error:
        log.warning("%s cannot be read: %s", folder, error)
        return []


def _compiled(language: Language, files: list[tuple[Path, str]]) -> Query:
    import tree_sitter

    query: Query = tree_sitter.Query(language, "\n".join(text for _, text in files))
    return query


def _is_usable(language: Language, path: Path, text: str) -> bool:
    try:
        _compiled(language, [(path, text)])
    except ValueError as error:
        message, place = str(error), ""
        if found := _POSITION.search(message):
            place = f":{int(found[1]) + 1}:{int(found[2] or 0) + 1}"
            message = _POSITION.sub("", message)
        log.warning("%s%s is passed over: %s", path, place, message)
        return False
    return True
